import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTestDisk } from '../../support/test-disk.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { installedScene, openScene, replaceAll, textOf, type Scene } from '../../support/scene.ts';

/** A pack that wants its install reports in `out/`. */
const reporting = {
  'CURRENT_TASK.json': JSON.stringify({
    install_safety_contract: { required: true, install_report_path_pattern: 'out/install-*.json' },
  }),
};

function reportsOf({ path }: Scene): string[] {
  return readdirSync(path('out')).filter((name) => name.startsWith('install-'));
}

describe('a directory where the release has a file', () => {
  test('stays when it holds an empty directory, which only the user can have made', async () => {
    const { run, path, tree } = await installedScene({ 'docs/x': 'x' }, { docs: 'f' });
    mkdirSync(path('docs/empty'));
    const done = await run(replaceAll);
    const docs = done.identities[0]?.plan.actions.find((action) => action.path === 'docs');
    expect(docs).toMatchObject({ kind: 'keep', conflict: 'other-kind' });
    expect(tree()).toHaveProperty(['docs/empty']);
  });

  test('stays when it holds our reports', async () => {
    const scene = await installedScene({ ...reporting, 'out/x': 'x' }, { out: 'f' });
    const done = await scene.run(replaceAll);
    const out = done.identities[0]?.plan.actions.find((action) => action.path === 'out');
    expect(out).toMatchObject({ kind: 'keep', conflict: 'other-kind' });
    expect(reportsOf(scene)).toHaveLength(1);
  });
});

describe('a file where the release has a directory', () => {
  test('stays for all that the release has there when it must stay for one of it', async () => {
    const { run, path } = await installedScene({ docs: 'f' }, { 'docs/x': 'x', 'docs/y': 'y' });
    const done = await run({ ...replaceAll, keep: ['docs/y'] });
    const below = done.identities[0]?.plan.actions.filter((one) => one.path.startsWith('docs/'));
    expect(below?.map((action) => 'conflict' in action && action.conflict)).toEqual([
      'blocked-parent',
      'blocked-parent',
    ]);
    expect(textOf(path('docs'))).toBe('f');
  });
});

describe('a report', () => {
  test('that belongs below a file of the pack stays in the home', async () => {
    const { run, path } = openScene({ ...reporting, out: 'a file' });
    const [done] = (await run()).identities;
    expect(done?.operation?.warnings).toMatchObject([{ code: 'REPORT_NOT_PUBLISHED' }]);
    expect(textOf(path('out'))).toBe('a file');
  });

  test('that was edited is kept by every mode, and a deleted one stays deleted', async () => {
    const scene = await installedScene(reporting, { ...reporting, a: '2' });
    const [name = ''] = reportsOf(scene);
    appendFileSync(scene.path(join('out', name)), 'edited');
    const edited = textOf(scene.path(join('out', name)));
    await scene.run(replaceAll);
    expect(textOf(scene.path(join('out', name)))).toBe(edited);
    rmSync(scene.path(join('out', name)));
    await scene.run({ ...replaceAll, restoreDeleted: true });
    expect(reportsOf(scene)).not.toContain(name);
  });

  test('where a release has a file is treated as any file', async () => {
    const scene = await installedScene(reporting);
    const [name = ''] = reportsOf(scene);
    const { run, path } = openReleaseWith(scene, `out/${name}`);
    await run(replaceAll);
    expect(textOf(path(`out/${name}`))).toBe('shipped');
  });

  test('of a plan is whole or not there, so that none is published torn', async () => {
    const scene = await installedScene(reporting, { ...reporting, a: '2' });
    const disk = createTestDisk();
    const full: FileSystem = {
      ...disk,
      writeNew(path, bytes, mode) {
        const torn = path.includes('/reports/');
        disk.writeNew(path, torn ? (bytes as Buffer).subarray(0, 100) : bytes, mode);
        if (torn) throw systemError('ENOSPC', 'injected', 'write', path);
      },
    };
    await expect(scene.run({ stopAfter: 'plan' }, scene.through(full))).rejects.toMatchObject({
      code: 'E_NO_SPACE',
    });
    await scene.run({ mode: 'merge' });
    for (const name of reportsOf(scene)) {
      expect(() => JSON.parse(textOf(scene.path(join('out', name)))) as unknown).not.toThrow();
    }
  });
});

/** The same home, with a source whose newest release ships one more file. */
function openReleaseWith(scene: Scene, shipped: string): Scene {
  const other = openScene(reporting, { ...reporting, [shipped]: 'shipped' });
  return {
    ...scene,
    run: (given) => scene.run({ from: other.from, acceptMovedTag: true, ...given }),
  };
}

test('an empty file that the user put where a directory must be is a conflict', async () => {
  const { run, path } = await installedScene({ a: '1' }, { 'new/b': 'b' });
  writeFileSync(path('new'), '');
  const done = await run(replaceAll);
  const action = done.identities[0]?.plan.actions.find((one) => one.path === 'new/b');
  expect(action).toMatchObject({ kind: 'keep', conflict: 'blocked-parent' });
});
