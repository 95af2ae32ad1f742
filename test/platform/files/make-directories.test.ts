import { describe, expect, it } from 'vitest';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { makeDirectories, makeDirectory } from '../../../src/platform/files/make-directories.ts';
import { createMemoryFileSystem } from '../../support/memory-file-system.ts';

/** Does something of its own in the moment between our look and our call. */
function meanwhile(fs: FileSystem, act: (path: string) => void): FileSystem {
  return {
    ...fs,
    makeDirectory(path, mode) {
      act(path);
      fs.makeDirectory(path, mode);
    },
  };
}

describe('makeDirectories', () => {
  it('makes what is missing, with the mode that is asked for', () => {
    const fs = createMemoryFileSystem({ '/srv': null });
    makeDirectories(fs, '/srv/a/b/c', 0o750);
    expect(['/srv/a', '/srv/a/b', '/srv/a/b/c'].map((path) => fs.stat(path)?.mode)).toEqual([
      0o750, 0o750, 0o750,
    ]);
    makeDirectories(fs, '/srv/a/b/c', 0o700);
    expect(fs.stat('/srv/a/b/c')?.mode).toBe(0o750);
  });

  it('takes what another run makes at any of its calls', () => {
    const fs = createMemoryFileSystem({ '/srv': null });
    const met: string[] = [];
    const racing = meanwhile(fs, (path) => {
      met.push(path);
      fs.makeDirectory(path, 0o700);
    });
    makeDirectories(racing, '/srv/a/b/c', 0o700);
    expect(met).toEqual(['/srv/a', '/srv/a/b', '/srv/a/b/c']);
    expect(fs.list('/srv/a/b/c')).toEqual([]);
  });
});

describe('makeDirectory', () => {
  it.each<[string, (fs: ReturnType<typeof createMemoryFileSystem>, path: string) => void]>([
    ['a file', (fs, path) => fs.writeNew(path, Buffer.from('x'), 0o600)],
    ['a link', (fs, path) => fs.raw.symlinkSync('/srv', path)],
  ])('does not take %s that comes to the place meanwhile', (_what, put) => {
    const fs = createMemoryFileSystem({ '/srv': null });
    const racing = meanwhile(fs, (path) => put(fs, path));
    expect(() => makeDirectory(racing, '/srv/a', 0o700)).toThrow(
      expect.objectContaining({ code: 'EEXIST' }),
    );
  });
});
