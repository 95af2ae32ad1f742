import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTestDisk } from '../../support/test-disk.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { installedScene, replaceAll } from '../../support/scene.ts';

const names = ['café', '😀', 'new\nline', ' spaces ', '-dash', 'C:x', 'x'.repeat(250), 'a\uFFFDb'];

describe('a backup', () => {
  test.each(names)('holds a file and a directory that somebody named %j', async (name) => {
    const { run, undo, path, tree } = await installedScene({ a: '1' }, { a: '2' });
    mkdirSync(path(`in${name}`.slice(0, 250)));
    writeFileSync(path(join(`in${name}`.slice(0, 250), name)), 'mine');
    const before = tree();
    await run(replaceAll);
    await undo();
    expect(tree()).toEqual(before);
  });

  test('holds far more empty directories than files', async () => {
    const { run, path, tree } = await installedScene({ a: '1' }, { a: '2' });
    for (let index = 0; index < 1_200; index += 1) mkdirSync(path(`empty-${index}`));
    await run(replaceAll);
    expect(Object.keys(tree())).toHaveLength(1_200 + 3);
  });

  test('holds a file from a time that tar has no field for', async () => {
    const { run, path } = await installedScene({ a: '1' }, { a: '2' });
    utimesSync(path('a'), 90_000_000_000, 90_000_000_000);
    expect((await run(replaceAll)).identities[0]?.outcome).toBe('done');
  });

  test('of a name that tar programs read differently is refused with a way out', async () => {
    const { run, path, tree } = await installedScene({ a: '1' }, { a: '2' });
    writeFileSync(path('back\\slash'), 'mine');
    const before = tree();
    await expect(run(replaceAll)).rejects.toMatchObject({ code: 'E_INSTANCE_UNREADABLE' });
    expect(tree()).toEqual(before);
    expect((await run({ mode: 'merge' })).identities[0]?.outcome).toBe('done');
  });

  test('of a large file that grows meanwhile says that the instance changed', async () => {
    const { run, path, through } = await installedScene({ a: '1' }, { a: '2' });
    const log = path('big.log');
    writeFileSync(log, Buffer.alloc(3 * 1024 * 1024, 1));
    const disk = createTestDisk();
    let looks = 0;
    const growing: FileSystem = {
      ...disk,
      stat(asked) {
        const stat = disk.stat(asked);
        if (asked === log) looks += 1;
        // The scan looks once; the second look is the backup's.
        if (asked === log && looks === 2) appendFileSync(log, 'more');
        return stat;
      },
    };
    await expect(run(replaceAll, through(growing))).rejects.toMatchObject({
      code: 'E_INSTANCE_CHANGED',
    });
  });
});
