import { describe, expect, it } from 'vitest';
import { releaseFindings } from '../../../src/operations/install/release-findings.ts';
import type { Contract } from '../../../src/protocol/contracts/contract.ts';
import { readPack } from '../../../src/release/pack.ts';
import { resolveRelease } from '../../../src/release/resolve.ts';
import { parseSource } from '../../../src/release/parse-source.ts';
import { helperRelease } from '../../support/helper-pack.ts';
import { makeRepository } from '../../support/repository.ts';
import { openWorkshop } from '../../support/workshop.ts';

const packPath = 'identity/packs/helper';
const failing: Contract = {
  id: 'routing',
  title: 'Fails.',
  // Half of its work is done, as with a document that it did not expect.
  *check({ pack }) {
    yield { code: 'HALF', severity: 'warn', path: pack.show(''), message: 'Half.' };
    throw new TypeError('undefined is not iterable');
  },
  samples: [],
};
const finding: Contract = {
  id: 'arbitration',
  title: 'Finds.',
  check: ({ pack }) => [{ code: 'X', severity: 'info', path: pack.show(''), message: 'Found.' }],
  samples: [],
};

async function judge(strict: boolean) {
  const { context } = openWorkshop();
  const { path } = makeRepository({ 'v1.0.0': helperRelease({ 'META.yaml': 'id: helper\n' }) });
  const source = parseSource(path, context);
  const { release } = await resolveRelease(context, { source });
  const { commit } = release;
  const loaded = await readPack(context, { commit, packPath, id: 'helper' });
  return releaseFindings(context, { loaded, commit, strict }, [failing, finding]);
}

describe('a contract whose check fails on an incoming release', () => {
  it('is one warning that says what to do, and the others are asked all the same', async () => {
    expect(await judge(false)).toEqual([
      {
        code: 'CONTRACT_UNCHECKED',
        severity: 'warn',
        contract: 'routing',
        path: packPath,
        message: expect.stringMatching(/^The check of routing failed .* Please report it; /),
      },
      { code: 'X', severity: 'info', contract: 'arbitration', path: packPath, message: 'Found.' },
    ]);
  });

  it('ends the run as the defect that it is, where the pack has to be valid', async () => {
    await expect(judge(true)).rejects.toMatchObject({
      code: 'E_BUG',
      message: expect.stringContaining('The check of routing failed'),
    });
  });
});
