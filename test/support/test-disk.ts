import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';

/**
 * The real disk, except that nothing is synced: no test in this process cuts the power, and each
 * barrier starts a program that waits for what all other tests write. Power cuts and syncs that
 * fail are the business of the fault sweeps, which use the disk as it is.
 */
export function createTestDisk(): FileSystem {
  return {
    ...createDiskFileSystem(),
    sync: () => undefined,
    barrier: () => Promise.resolve(),
  };
}
