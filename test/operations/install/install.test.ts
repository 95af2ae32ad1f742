import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { install } from '../../../src/operations/install/install.ts';
import { rollback } from '../../../src/operations/rollback/rollback.ts';
import type { InstallRequest } from '../../../src/operations/install/request.ts';
import type { InstallRun } from '../../../src/operations/install/outcome.ts';
import { helperRelease } from '../../support/helper-pack.ts';
import { makeRepository, type RepositoryFiles } from '../../support/repository.ts';
import { treeOf } from '../../support/tree.ts';
import { openWorkshop, requestOf, type Workshop } from '../../support/workshop.ts';

const first: RepositoryFiles = {
  'IDENTITY_PROMPT.md': 'prompt one\n',
  'CURRENT_TASK.json': '{"objective": "one"}\n',
  'TASK_HISTORY.md': '# history\n',
  'META.yaml': 'id: helper\n',
  'docs/guide.md': 'guide one\n',
  'docs/old.md': 'goes away\n',
  'bin/run.sh': { content: '#!/bin/sh\n', executable: true },
};
const second: RepositoryFiles = {
  ...first,
  'IDENTITY_PROMPT.md': 'prompt two\n',
  'CURRENT_TASK.json': '{"objective": "two"}\n',
  'TASK_HISTORY.md': '# history of two\n',
  'docs/guide.md': 'guide two\n',
  'docs/new/deep.md': 'new\n',
};
delete (second as Record<string, unknown>)['docs/old.md'];

interface Scene extends Workshop {
  readonly instance: string;
  readonly path: (name: string) => string;
  readonly run: (given?: Partial<InstallRequest>) => Promise<InstallRun>;
}

function scene(): Scene {
  const workshop = openWorkshop();
  const { path: from } = makeRepository({
    'v1.0.0': helperRelease(first),
    'v1.1.0': helperRelease(second),
  });
  const instance = join(workshop.home, 'instances', 'helper');
  return {
    ...workshop,
    instance,
    path: (name) => join(instance, name),
    run: (given) => install(workshop.context, requestOf({ from, ...given })),
  };
}

/** The first release, then everything that people and agents do to a pack. */
async function lived(): Promise<Scene> {
  const here = scene();
  await here.run({ release: 'v1.0.0' });
  writeFileSync(here.path('IDENTITY_PROMPT.md'), 'my own prompt\n');
  chmodSync(here.path('IDENTITY_PROMPT.md'), 0o600);
  appendFileSync(here.path('TASK_HISTORY.md'), 'did a thing\n');
  rmSync(here.path('docs/guide.md'));
  writeFileSync(here.path('notes.md'), 'mine\n');
  return here;
}

function reasons(run: InstallRun): Record<string, string> {
  const actions = run.identities[0]?.plan.actions ?? [];
  return Object.fromEntries(
    actions.map((action) => [action.path, action.kind === 'keep' ? action.reason : action.kind]),
  );
}

test.each([
  ['release that does not exist', { release: 'v9.9.9' }, 'E_TAG_NOT_FOUND', null],
  [
    'identity that the release does not hold',
    { ids: ['nobody'] },
    'E_PACK_MISSING',
    ['releases.git', 'releases.lock', 'releases.pid'],
  ],
])('a %s makes no home: what was fetched is all that stays', async (_what, given, code, left) => {
  const { run, home, context } = scene();
  await expect(run(given)).rejects.toMatchObject({ code });
  if (left === null) expect(existsSync(home)).toBe(false);
  else expect(readdirSync(context.layout.stateDirectory).sort()).toEqual(left);
});

describe('a first install', () => {
  test('puts every file there, byte for byte, with the x-bit and nothing else', async () => {
    const here = scene();
    const run = await here.run({ release: 'v1.0.0' });
    expect(run.identities[0]?.outcome).toBe('done');
    const tree = treeOf(here.instance);
    for (const [path, content] of Object.entries(first)) {
      const bytes = typeof content === 'object' && 'content' in content ? content.content : content;
      expect(readFileSync(here.path(path)).toString()).toBe(bytes.toString());
      expect(tree[path]).toMatch(path === 'bin/run.sh' ? /^f 755/ : /^f 644/);
    }
    expect(Object.keys(tree).filter((path) => tree[path]?.startsWith('f'))).toHaveLength(7);
  });

  test('is removed by its rollback, which can be taken back', async () => {
    const here = scene();
    await here.run();
    const installed = treeOf(here.instance);
    const undo = await rollback(here.context, { ref: 'last', through: false, paths: [] });
    expect(existsSync(here.instance)).toBe(false);
    expect(undo.operations[0]?.operation?.snapshot).not.toBeNull();
    await rollback(here.context, { ref: 'last', through: false, paths: [] });
    expect(treeOf(here.instance)).toEqual(installed);
  });

  test('again has nothing to do, and touches nothing', async () => {
    const here = scene();
    await here.run();
    const before = treeOf(here.home, (path) => path.endsWith('lock') || path.includes('releases'));
    const run = await here.run();
    expect(run.identities[0]?.outcome).toBe('nothing-to-do');
    const after = treeOf(here.home, (path) => path.endsWith('lock') || path.includes('releases'));
    expect(after).toEqual(before);
  });
});

describe('an update of an instance that has lived', () => {
  test('changes nothing that was there, adds what is new, and says why', async () => {
    const here = await lived();
    const before = treeOf(here.instance);
    const run = await here.run();
    const after = treeOf(here.instance);
    expect(after).toMatchObject(before);
    expect(Object.keys(after).filter((path) => !(path in before))).toEqual([
      'docs/new',
      'docs/new/deep.md',
    ]);
    expect(reasons(run)).toEqual({
      'CURRENT_TASK.json': 'upgrade-available',
      'IDENTITY_PROMPT.md': 'modified-locally',
      'META.yaml': 'unchanged',
      'TASK_HISTORY.md': 'state',
      'bin/run.sh': 'unchanged',
      'docs/guide.md': 'deleted-locally',
      'docs/new/deep.md': 'add',
      'docs/old.md': 'removed-upstream',
      'notes.md': 'local-only',
    });
  });

  test('--merge then advances exactly what nobody touched', async () => {
    const here = await lived();
    await here.run();
    const before = treeOf(here.instance);
    const run = await here.run({ mode: 'merge' });
    const after = treeOf(here.instance);
    const changed = Object.keys({ ...before, ...after }).filter(
      (path) => before[path] !== after[path],
    );
    expect(changed.sort()).toEqual(['CURRENT_TASK.json', 'docs/old.md']);
    expect(readFileSync(here.path('CURRENT_TASK.json'), 'utf8')).toBe('{"objective": "two"}\n');
    expect(existsSync(here.path('docs/old.md'))).toBe(false);
    expect(reasons(run)).toMatchObject({
      'IDENTITY_PROMPT.md': 'conflict',
      'docs/guide.md': 'conflict',
    });
  });

  test('--restore-deleted brings back what was deleted', async () => {
    const here = await lived();
    await here.run({ restoreDeleted: true });
    expect(readFileSync(here.path('docs/guide.md'), 'utf8')).toBe('guide two\n');
  });

  test('--replace --backup, its undo and the undo of that are exact', async () => {
    const here = await lived();
    const before = treeOf(here.instance);
    await here.run({ mode: 'replace', backup: true });
    const replaced = treeOf(here.instance);
    expect(readFileSync(here.path('IDENTITY_PROMPT.md'), 'utf8')).toBe('prompt two\n');
    expect(replaced['IDENTITY_PROMPT.md']).toMatch(/^f 600/);
    expect(readFileSync(here.path('notes.md'), 'utf8')).toBe('mine\n');
    expect(readFileSync(here.path('TASK_HISTORY.md'), 'utf8')).toContain('did a thing');
    await rollback(here.context, { ref: 'last', through: false, paths: [] });
    expect(treeOf(here.instance)).toEqual(before);
    await rollback(here.context, { ref: 'last', through: false, paths: [] });
    expect(treeOf(here.instance)).toEqual(replaced);
  });

  test('a rollback snapshots edits made since before it puts files back', async () => {
    const here = await lived();
    const before = treeOf(here.instance);
    await here.run({ mode: 'replace', backup: true });
    writeFileSync(here.path('IDENTITY_PROMPT.md'), 'edited after the replace\n');
    appendFileSync(here.path('docs/new/deep.md'), 'edited too\n');
    const run = await rollback(here.context, { ref: 'last', through: false, paths: [] });
    const kept = run.operations[0]?.plan.actions.filter((action) => action.kind === 'keep');
    expect(kept?.map((action) => action.path)).toEqual(['docs/new/deep.md']);
    expect(treeOf(here.instance)).toMatchObject(before);
    await rollback(here.context, { ref: 'last', through: false, paths: [] });
    expect(readFileSync(here.path('IDENTITY_PROMPT.md'), 'utf8')).toBe(
      'edited after the replace\n',
    );
  });
});

describe('a reviewed plan', () => {
  test('is applied while nothing changed, and refused after a change', async () => {
    const here = await lived();
    const planned = await here.run({ stopAfter: 'plan', mode: 'replace', backup: true });
    const planDigest = planned.identities[0]?.plan.digest ?? '';
    writeFileSync(here.path('notes.md'), 'mine, changed\n');
    const before = treeOf(here.instance);
    await expect(here.run({ mode: 'replace', backup: true, planDigest })).rejects.toMatchObject({
      code: 'E_PLAN_CHANGED',
    });
    expect(treeOf(here.instance)).toEqual(before);
    writeFileSync(here.path('notes.md'), 'mine\n');
    const run = await here.run({ mode: 'replace', backup: true, planDigest });
    expect(run.identities[0]?.plan).toEqual(planned.identities[0]?.plan);
  });
});

describe('a file that was deleted after an operation', () => {
  test('comes back with the rollback, which has no edit of it to keep', async () => {
    const here = scene();
    await here.run({ release: 'v1.0.0' });
    await here.run({ mode: 'merge' });
    rmSync(here.path('IDENTITY_PROMPT.md'));
    const run = await rollback(here.context, { ref: 'last', through: false, paths: [] });
    const actions = run.operations[0]?.plan.actions ?? [];
    expect(actions.find(({ path }) => path === 'IDENTITY_PROMPT.md')).toMatchObject({
      kind: 'restore',
      reason: 'deleted-since',
      edited: false,
    });
    expect(readFileSync(here.path('IDENTITY_PROMPT.md'), 'utf8')).toBe('prompt one\n');
  });
});

describe('later operations', () => {
  test('stand in the way of a rollback, unless they are undone too', async () => {
    const here = scene();
    const one = await here.run({ release: 'v1.0.0' });
    await here.run({ mode: 'merge' });
    const ref = one.identities[0]?.operation?.ref ?? '';
    await expect(rollback(here.context, { ref, through: false, paths: [] })).rejects.toMatchObject({
      code: 'E_ROLLBACK_BLOCKED',
    });
    await rollback(here.context, { ref, through: true, paths: [] });
    expect(existsSync(here.instance)).toBe(false);
  });

  test('are named by a plan, and nothing said about one undo is taken for all of them', async () => {
    const here = scene();
    const one = await here.run({ release: 'v1.0.0' });
    await here.run({ mode: 'merge' });
    const ref = one.identities[0]?.operation?.ref ?? '';
    const through = { ref, through: true, paths: [] };
    const planned = await rollback(here.context, { ...through, stopAfter: 'plan' });
    expect(planned.notPlanned).toEqual([ref]);
    const planDigest = planned.operations[0]?.plan.digest ?? '';
    const before = treeOf(here.instance);
    for (const narrowed of [{ planDigest }, { paths: ['IDENTITY_PROMPT.md'] }]) {
      await expect(rollback(here.context, { ...through, ...narrowed })).rejects.toMatchObject({
        code: 'E_USAGE',
      });
    }
    expect(treeOf(here.instance)).toEqual(before);
  });
});

describe('stepping back', () => {
  test('to an older release is refused, also when no identity was named', async () => {
    const here = scene();
    await here.run();
    const before = treeOf(here.instance);
    const older = { release: 'v1.0.0', mode: 'merge' } as const;
    await expect(here.run(older)).rejects.toMatchObject({ code: 'E_TAG_DOWNGRADE' });
    expect(treeOf(here.instance)).toEqual(before);
    await here.run({ ...older, allowDowngrade: true });
    expect(readFileSync(here.path('IDENTITY_PROMPT.md'), 'utf8')).toBe('prompt one\n');
  });
});
