import { symlinkSync } from 'node:fs';
import { describe } from 'vitest';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import { fileSystemConformance } from '../support/file-system-conformance.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('on disk', () => {
  fileSystemConformance(() => ({
    fs: createDiskFileSystem(),
    root: temporaryDirectory(),
    symlink: (target, path) => symlinkSync(target, path),
  }));
});

describe('on a disk whose directories cannot be held', () => {
  fileSystemConformance(() => ({
    fs: createDiskFileSystem({ holdsDirectories: () => false }),
    root: temporaryDirectory(),
    symlink: (target, path) => symlinkSync(target, path),
  }));
});

describe('in memory', () => {
  fileSystemConformance(() => {
    const fs = createMemoryFileSystem({ '/root': null });
    return { fs, root: '/root', symlink: (target, path) => fs.raw.symlinkSync(target, path) };
  });
});
