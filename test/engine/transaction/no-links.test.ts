import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { homeState } from '../../support/hostile-scene.ts';
import { installedScene, openScene, replaceAll, textOf, type Scene } from '../../support/scene.ts';

/** A disk like FAT: it has neither hard links nor, if so wished, an exchange. */
function withoutLinks(errno: string, exchanges = false): FileSystem {
  const disk = createTestDisk();
  return {
    ...disk,
    link(existing) {
      throw systemError(errno, 'not here', 'link', existing);
    },
    exchange(left, right) {
      if (!exchanges) throw systemError('ENOSYS', 'not here', 'exchange', left);
      disk.exchange(left, right);
    },
  };
}

const first = { 'gone.md': 'gone\n', a: '1' };
const second = { 'come.md': 'come\n', a: '2' };

/** Everything that an operation may do with an instance that is there. */
const operations: readonly (readonly [
  string,
  (scene: Scene, disk: FileSystem) => Promise<unknown>,
])[] = [
  ['an update that adds', ({ run, through }, disk) => run({}, through(disk))],
  ['a merge', ({ run, through }, disk) => run({ mode: 'merge' }, through(disk))],
  ['a replace', ({ run, through }, disk) => run(replaceAll, through(disk))],
  [
    'an entry in the local catalog',
    ({ run, through }, disk) => run({ register: true }, through(disk)),
  ],
  ['a rollback', ({ undo, through }, disk) => undo({}, through(disk))],
];

describe('without hard links', () => {
  test.each(['EACCES', 'ENOTSUP', 'ENOSYS'])('whatever the system calls it (%s)', async (errno) => {
    const { run, through } = await installedScene(first, second);
    const refused = run({}, through(withoutLinks(errno)));
    await expect(refused).rejects.toMatchObject({ code: 'E_FS_NO_EXCHANGE' });
  });

  test.each(operations)('%s is refused before anything is touched', async (_what, operation) => {
    const scene = await installedScene(first, second);
    writeFileSync(scene.path('mine'), 'mine');
    for (const disk of [withoutLinks('EPERM'), withoutLinks('EPERM', true)]) {
      const before = homeState(scene.home);
      await expect(operation(scene, disk)).rejects.toMatchObject({ code: 'E_FS_NO_EXCHANGE' });
      expect(homeState(scene.home)).toEqual(before);
      expect(readdirSync(scene.state('journal'))).toEqual([]);
    }
    // A copy of the home elsewhere is as good as ever.
    await operation(scene, createTestDisk());
  });

  test('a first install is renamed in whole, and the home verifies', async () => {
    const { run, through, path, state } = openScene(first, second);
    const context = through(withoutLinks('EPERM'));
    await run({ release: 'v1.0.0' }, context);
    expect(textOf(path('a'))).toBe('1');
    expect(readdirSync(state('journal'))).toEqual([]);
    expect((await useCasesOf(context).verifyHome({})).problems).toEqual([]);
  });

  test('a first install whose place is taken meanwhile goes back, and what came stays', async () => {
    const { run, through, instance, path, context } = openScene(first, second);
    const disk = withoutLinks('EPERM');
    const racing: FileSystem = {
      ...disk,
      rename(from, to) {
        if (to === instance) {
          mkdirSync(instance, { recursive: true });
          writeFileSync(path('theirs'), 'theirs');
        }
        disk.rename(from, to);
      },
    };
    await expect(run({ release: 'v1.0.0' }, through(racing))).rejects.toMatchObject({
      code: 'E_INSTANCE_CHANGED',
    });
    expect(readdirSync(instance)).toEqual(['theirs']);
    expect(await useCasesOf(context).recover()).toEqual([]);
  });
});
