import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { helperRelease } from '../../support/helper-pack.ts';
import { makeRepository } from '../../support/repository.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';

test('what an agent goes on writing to a replaced file is kept, and a later command names it', async () => {
  const { path: from } = makeRepository({
    'v1.0.0': helperRelease({ 'IDENTITY_PROMPT.md': 'one\n' }),
    'v2.0.0': helperRelease({ 'IDENTITY_PROMPT.md': 'two\n' }),
  });
  const { context, home } = openWorkshop();
  const { install, verify } = useCasesOf(context);
  await install(requestOf({ from, release: 'v1.0.0' }));
  const agent = openSync(join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md'), 'a');
  await install(requestOf({ from, mode: 'replace', backup: true }));
  const problems = async () => (await verify({ ids: ['helper'] })).identities[0]?.problems;
  expect(await problems()).toEqual([]);

  writeSync(agent, 'said late\n');
  closeSync(agent);
  const [late, ...others] = (await problems()) ?? [];
  expect(others).toEqual([]);
  expect(late).toMatchObject({ code: 'LATE_BYTES', severity: 'warn' });
  expect(readFileSync(late?.path ?? '', 'utf8')).toBe('one\nsaid late\n');
});
