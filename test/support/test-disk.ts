import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { isQuickTier } from './quick-tier.ts';

/**
 * The real disk, except that nothing is synced in a quick tier: no test there cuts the power, and
 * each barrier starts a program that waits for what all other tests write. Power cuts and syncs
 * that fail are the business of the fault sweeps, which use the disk as it is.
 */
export function createTestDisk(): FileSystem {
  const disk = createDiskFileSystem();
  if (!isQuickTier()) return disk;
  return { ...disk, sync: () => undefined, barrier: () => Promise.resolve() };
}
