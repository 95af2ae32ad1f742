import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import { localState, scanInstance } from '../../src/instance/scan.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import { systemError } from '../../src/platform/system-error.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('scanInstance', () => {
  it('lists everything on a disk, parents first, and follows no link', async () => {
    const path = temporaryDirectory({
      'a.md': 'A',
      empty: null,
      'runtime/logs/x.log': 'log',
      'runtime-2/y': 'y',
    });
    const large = Buffer.alloc(3 * 1024 * 1024 + 7, 'z');
    writeFileSync(join(path, 'large'), large);
    writeFileSync(join(path, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(path, 'run.sh'), 0o751);
    linkSync(join(path, 'a.md'), join(path, 'b.md'));
    symlinkSync('/etc', join(path, 'etc'));
    symlinkSync('nowhere', join(path, 'dangling'));
    execFileSync('mkfifo', [join(path, 'pipe')]);

    const entries = await scanInstance({ fs: createDiskFileSystem(), path });

    expect([...entries].map(([name, { kind }]) => `${kind} ${name}`)).toEqual([
      'file a.md',
      'file b.md',
      'link dangling',
      'directory empty',
      'link etc',
      'file large',
      'special pipe',
      'file run.sh',
      'directory runtime',
      'directory runtime/logs',
      'file runtime/logs/x.log',
      'directory runtime-2',
      'file runtime-2/y',
    ]);
    expect(entries.get('large')).toMatchObject({ size: large.length, sha256: sha256(large) });
    expect(entries.get('run.sh')).toMatchObject({ executable: true, mode: 0o751 });
    expect(entries.get('a.md')).toMatchObject({ links: 2, inode: entries.get('b.md')?.inode });
    expect(localState(entries, 'a.md')).toEqual({
      kind: 'file',
      sha256: sha256('A'),
      size: 1,
      executable: false,
    });
    expect(localState(entries, 'etc')).toEqual({ kind: 'link' });
    expect(localState(entries, 'etc/passwd')).toEqual({ kind: 'absent' });
  });

  it('finds nothing where there is no instance, and refuses what is none', async () => {
    const fs = createMemoryFileSystem({ '/i/file': 'x' });
    expect((await scanInstance({ fs, path: '/i/none' })).size).toBe(0);
    await expect(scanInstance({ fs, path: '/i/file' })).rejects.toMatchObject({
      code: 'E_INSTANCE_UNSAFE',
    });
  });

  it('names everything that cannot be read, not only the first', async () => {
    const memory = createMemoryFileSystem({ '/i/a': 'x', '/i/d/b': 'x', '/i/ok': 'x' });
    const fs = {
      ...memory,
      readChunks(path: string) {
        if (path === '/i/a') throw systemError('EACCES', 'permission denied', 'open', path);
        return memory.readChunks(path);
      },
      list(path: string) {
        if (path === '/i/d') throw systemError('EILSEQ', 'not UTF-8', 'scandir', path);
        return memory.list(path);
      },
    };
    await expect(scanInstance({ fs, path: '/i' })).rejects.toMatchObject({
      code: 'E_INSTANCE_UNREADABLE',
      details: {
        unreadable: [
          { path: 'a', reason: 'EACCES' },
          { path: 'd', reason: 'EILSEQ' },
        ],
      },
    });
  });

  it('takes what vanished while it looked as absent', async () => {
    const memory = createMemoryFileSystem({ '/i/a': 'x', '/i/b': 'x', '/i/d/c': 'x' });
    const fs = {
      ...memory,
      stat: (path: string) => (path === '/i/a' ? undefined : memory.stat(path)),
      readChunks(path: string) {
        if (path === '/i/b') throw systemError('ENOENT', 'gone', 'open', path);
        return memory.readChunks(path);
      },
      list(path: string) {
        if (path === '/i/d') throw systemError('ENOENT', 'gone', 'scandir', path);
        return memory.list(path);
      },
    };
    expect([...(await scanInstance({ fs, path: '/i' })).keys()]).toEqual([]);
  });

  it('is bounded', async () => {
    const fs = createMemoryFileSystem({ '/i/a/b/c/d': 'x' });
    const scan = (limits: object) => scanInstance({ fs, path: '/i', limits });
    expect((await scan({ depth: 4, entries: 4 })).size).toBe(4);
    await expect(scan({ depth: 3 })).rejects.toMatchObject({ code: 'E_INSTANCE_LIMIT' });
    await expect(scan({ entries: 3 })).rejects.toMatchObject({ code: 'E_INSTANCE_LIMIT' });
  });

  it('breathes between slices, also within one large file', async () => {
    const path = temporaryDirectory();
    mkdirSync(join(path, 'many'));
    for (let index = 0; index < 600; index += 1) writeFileSync(join(path, 'many', `${index}`), '');
    const fs = createDiskFileSystem();
    let breaths = 0;
    const breathe = async () => void (breaths += 1);
    await scanInstance({ fs, path, breathe });
    expect(breaths).toBe(2);
    writeFileSync(join(path, 'large'), Buffer.alloc(20 * 1024 * 1024));
    await scanInstance({ fs, path, breathe: () => void (breaths += 1) });
    expect(breaths).toBe(6);
  });
});
