import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { install } from '../../../src/operations/install/install.ts';
import { rollback } from '../../../src/operations/rollback/rollback.ts';
import type { InstallRequest } from '../../../src/operations/install/request.ts';
import { helperRelease } from '../../support/helper-pack.ts';
import { makeRepository } from '../../support/repository.ts';
import { treeOf } from '../../support/tree.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';

const base = { 'IDENTITY_PROMPT.md': 'p\n', 'META.yaml': 'id: helper\n' };

/** Two releases between which a file becomes a directory and a directory a file. */
async function scene() {
  const { path: from } = makeRepository({
    'v1.0.0': helperRelease({
      ...base,
      guide: 'a file\n',
      'topics/one.md': '1\n',
      'topics/two.md': '2\n',
    }),
    'v2.0.0': helperRelease({
      ...base,
      'guide/intro.md': 'in a directory\n',
      topics: 'a file now\n',
    }),
  });
  const workshop = openWorkshop();
  const run = (given: Partial<InstallRequest>) =>
    install(workshop.context, requestOf({ from, ...given }));
  await run({ release: 'v1.0.0' });
  const instance = join(workshop.home, 'instances', 'helper');
  const undo = () => rollback(workshop.context, { ref: 'last', through: false, paths: [] });
  return { run, undo, instance, path: (name: string) => join(instance, name) };
}

const replace = { mode: 'replace', backup: true } as const;

describe('a file that became a directory, and a directory that became a file', () => {
  test('are conflicts by default and in a merge, and nothing is touched', async () => {
    const { run, instance } = await scene();
    const before = treeOf(instance);
    for (const mode of ['preserve', 'merge'] as const) {
      const { identities } = await run({ mode });
      const conflicts = identities[0]?.plan.actions.filter(
        (action) => action.kind === 'keep' && action.reason === 'conflict',
      );
      expect(conflicts?.map(({ path }) => path)).toEqual(['guide/intro.md', 'topics']);
      if (mode === 'preserve') expect(treeOf(instance)).toEqual(before);
    }
    expect(readFileSync(join(instance, 'guide'), 'utf8')).toBe('a file\n');
  });

  test('are replaced when all that has to go is ours and unchanged; the undo is exact', async () => {
    const { run, undo, instance, path } = await scene();
    const before = treeOf(instance);
    await run(replace);
    expect(readFileSync(path('guide/intro.md'), 'utf8')).toBe('in a directory\n');
    expect(readFileSync(path('topics'), 'utf8')).toBe('a file now\n');
    const replaced = treeOf(instance);
    await undo();
    expect(treeOf(instance)).toEqual(before);
    await undo();
    expect(treeOf(instance)).toEqual(replaced);
  });

  test.each([
    [
      'an edited file',
      (path: (name: string) => string) => writeFileSync(path('topics/one.md'), 'mine\n'),
    ],
    [
      'a file of the user',
      (path: (name: string) => string) => writeFileSync(path('topics/own.md'), 'mine\n'),
    ],
    ['a link', (path: (name: string) => string) => symlinkSync('/etc', path('topics/link'))],
  ])('stay with %s inside, also in a replace', async (_name, live) => {
    const { run, path } = await scene();
    live(path);
    const { identities } = await run(replace);
    const action = identities[0]?.plan.actions.find((one) => one.path === 'topics');
    expect(action).toMatchObject({ kind: 'keep', reason: 'conflict', conflict: 'other-kind' });
    expect(readFileSync(path('topics/two.md'), 'utf8')).toBe('2\n');
  });

  test('a link where the release has a file is never followed nor replaced', async () => {
    const { run, instance, path } = await scene();
    const outside = join(instance, '..', '..', 'outside.md');
    writeFileSync(outside, 'not ours\n');
    rmSync(path('IDENTITY_PROMPT.md'));
    symlinkSync(outside, path('IDENTITY_PROMPT.md'));
    const { identities } = await run(replace);
    const action = identities[0]?.plan.actions.find((one) => one.path === 'IDENTITY_PROMPT.md');
    expect(action).toMatchObject({ reason: 'conflict', conflict: 'other-kind' });
    expect(readFileSync(outside, 'utf8')).toBe('not ours\n');
    expect(treeOf(instance)['IDENTITY_PROMPT.md']).toBe(`l ${outside}`);
  });

  test('an empty directory of the user survives everything', async () => {
    const { run, undo, instance, path } = await scene();
    mkdirSync(path('mine'));
    await run(replace);
    await undo();
    expect(treeOf(instance)['mine']).toMatch(/^d /);
  });
});
