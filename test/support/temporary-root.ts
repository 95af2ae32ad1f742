import { chmodSync, mkdtempSync, realpathSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isQuickTier } from './quick-tier.ts';
import { removeTree } from './remove-tree.ts';

/** Say where the directories of this run of tests are: one on the disk, and one that may be in memory. */
export const rootVariables = { disk: 'IDENTITY_TEST_DISK', quick: 'IDENTITY_TEST_ROOT' } as const;

/** One directory for all that the tests of a run make, gone with what they left, however they ended. */
export function setup({ vitest }: TestProject): (() => void) | undefined {
  if (process.env[rootVariables.disk] !== undefined) return undefined;
  const roots = [makeRoot(realpathSync(tmpdir()))];
  const memory = '/dev/shm';
  // Those tiers look at what is written, and not at how it gets to a disk.
  const isQuick = vitest.projects.every(({ config }) => isQuickTier(config.env));
  if (isQuick && isRoomyMemory(memory)) roots.push(makeRoot(realpathSync(memory)));
  process.env[rootVariables.disk] = roots[0];
  process.env[rootVariables.quick] = roots.at(-1);
  return () => {
    roots.forEach(removeTree);
  };
}

function makeRoot(parent: string): string {
  const root = mkdtempSync(join(parent, 'identity-tests-'));
  // Some tests run programs as other users, who have to get through.
  chmodSync(root, 0o755);
  return root;
}

const tmpfs = 0x0102_1994;

/** Many times what the tests of a run have on the disk at once. A container often has 64 MiB. */
const enoughBytes = 2 * 1024 ** 3;

function isRoomyMemory(path: string): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(path);
    return type === tmpfs && bavail * bsize >= enoughBytes;
  } catch {
    // There is none: Linux alone has it.
    return false;
  }
}
