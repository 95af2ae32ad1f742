import { chmodSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from './remove-tree.ts';

/** Says where the directory of this run of tests is. */
export const rootVariable = 'IDENTITY_TEST_ROOT';

/** One directory for all that the tests of a run make, gone with what they left, however they ended. */
export function setup(): (() => void) | undefined {
  if (process.env[rootVariable] !== undefined) return undefined;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'identity-tests-')));
  // Some tests run programs as other users, who have to get through.
  chmodSync(root, 0o755);
  process.env[rootVariable] = root;
  return () => {
    removeTree(root);
  };
}
