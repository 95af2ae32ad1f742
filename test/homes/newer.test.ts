import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentFormat } from '../../src/instance/format.ts';
import { homeFixtures, openHomeOf } from '../support/earlier-homes.ts';
import { homeTree } from '../support/home-state.ts';
import { requestOf } from '../support/workshop.ts';

/** What a version that is still to come writes into `format.json`. */
const newer = JSON.stringify({ layout: currentFormat.layout + 1, needs: '99.0.0', more: [1] });
const newest = homeFixtures.at(-1) ?? expect.fail('there are no fixtures');

type UseCases = ReturnType<typeof openHomeOf>['useCases'];

function rewrite(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  expect(change(text)).not.toBe(text);
  writeFileSync(path, change(text));
}

const rollback = { ref: 'last', through: false, paths: [] } as const;
const commands = {
  install: (useCases) =>
    useCases.install(requestOf({ ids: ['helper'], from: newest.releases, release: 'v1.3.0' })),
  'install, planned': (useCases) =>
    useCases.install(
      requestOf({ ids: ['helper'], from: newest.releases, release: 'v1.3.0', stopAfter: 'plan' }),
    ),
  rollback: (useCases) => useCases.rollback(rollback),
  register: (useCases) => useCases.register({ id: 'other', activate: false }),
  recover: (useCases) => useCases.recover(),
  verify: (useCases) => useCases.verify({ ids: [] }),
  history: (useCases) => useCases.history(),
} satisfies Record<string, (useCases: UseCases) => Promise<unknown>>;

describe('a home of a newer layout', () => {
  it('is refused by every command with the version that it needs, and left as it is', async () => {
    const { home, state, useCases } = openHomeOf(newest, 'replace', 'replace-swapping');
    writeFileSync(state('format.json'), newer);
    const before = homeTree(home);
    for (const [name, command] of Object.entries(commands)) {
      await expect(command(useCases), name).rejects.toMatchObject({
        code: 'E_LAYOUT_NEWER',
        exitCode: 6,
        message: expect.stringContaining('This home needs identity-install 99.0.0 or newer'),
        details: { needs: '99.0.0', version: currentFormat.layout + 1 },
      });
      expect(homeTree(home), name).toEqual(before);
    }
  });

  it('is a problem that names the version, and nothing else in it is looked at', async () => {
    const { home, state, useCases } = openHomeOf(newest, 'life');
    writeFileSync(state('format.json'), newer);
    const before = homeTree(home);
    const { problems, identities, trust } = await useCases.verifyHome({});
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'LAYOUT_NEWER',
        message: expect.stringContaining('identity-install 99.0.0 or newer'),
      }),
    ]);
    expect([identities, trust]).toEqual([[], null]);
    expect(homeTree(home)).toEqual(before);
  });
});

describe('a document of a newer schema, in a home that is otherwise ours', () => {
  it('in the journal: no command guesses what the operation meant', async () => {
    const { home, state, useCases } = openHomeOf(newest, 'replace', 'replace-swapping');
    const [ref = ''] = readdirSync(state('journal'));
    rewrite(state('journal', ref, 'intent.json'), (text) =>
      text.replace('"identity-install/intent@1"', '"identity-install/intent@99"'),
    );
    const before = homeTree(home);
    for (const name of ['install', 'rollback', 'register', 'recover', 'verify'] as const) {
      await expect(commands[name](useCases), name).rejects.toMatchObject({
        code: 'E_LAYOUT_NEWER',
        message: expect.stringContaining('identity-install/intent@99'),
      });
      expect(homeTree(home), name).toEqual(before);
    }
  });

  it('for a snapshot: its operation is not undone', async () => {
    const { home, state, useCases } = openHomeOf(newest, 'life');
    const ref = newest.life.history[0]?.ref ?? '';
    rewrite(state('snapshots', `${ref}.json`), (text) =>
      text.replace('identity-install/snapshot@1', 'identity-install/snapshot@99'),
    );
    const before = homeTree(home);
    await expect(useCases.rollback(rollback)).rejects.toMatchObject({
      code: 'E_LAYOUT_NEWER',
    });
    expect(homeTree(home)).toEqual(before);
  });
});

describe('what this version writes', () => {
  it('has no schema of a higher number than the layout, at which an older version stops', async () => {
    const { state, useCases } = openHomeOf(newest, 'life');
    await useCases.install(
      requestOf({ ids: ['helper'], mode: 'merge', from: newest.releases, release: 'v1.3.0' }),
    );
    const ref = (await useCases.history()).operations[0]?.ref ?? '';
    const written = [
      state('record', 'helper.json'),
      state('evidence', `${ref}.json`),
      state('snapshots', `${ref}.json`),
      state('displaced', ref, 'intent.json'),
    ].map((path) => (JSON.parse(readFileSync(path, 'utf8')) as { schema: string }).schema);
    const numbers = written.map((schema) => Number(schema.split('@')[1]));
    for (const number of numbers) expect(number).toBeGreaterThan(0);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(currentFormat.layout);
  });
});
