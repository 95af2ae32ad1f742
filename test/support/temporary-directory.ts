import { ensureDirSync, outputFileSync } from 'fs-extra/esm';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { removeTree } from './remove-tree.ts';
import { rootVariables } from './temporary-root.ts';

/** What `temporary-root.ts` made for this run of tests; the adapters of the disk are tried on one. */
function root(): string {
  const needsDisk = expect.getState().testPath?.includes('/test/platform/') === true;
  const variable = needsDisk ? rootVariables.disk : rootVariables.quick;
  return process.env[variable] ?? realpathSync(tmpdir());
}

/** What stands in a tree when a test begins: paths to text, or to `null` for a directory. */
export type Seed = Readonly<Record<string, string | Uint8Array | null>>;

/**
 * A new directory on the real disk with the given files, gone when the running test is over. Its
 * path holds no link, also where the system's temporary directory is one.
 */
export function temporaryDirectory(seed: Seed = {}): string {
  const path = makeDirectory();
  onTestFinished(() => removeTree(path));
  for (const [name, content] of Object.entries(seed)) {
    if (content === null) ensureDirSync(join(path, name));
    else outputFileSync(join(path, name), content);
  }
  return path;
}

/**
 * The same for all tests of a `describe` or a file together; called where those are declared, and
 * there when they run, so that listing tests makes nothing.
 */
export function suiteDirectory(): string {
  const path = join(root(), `t-${randomUUID().slice(0, 8)}`);
  beforeAll(() => {
    mkdirSync(path, { mode: 0o700 });
  });
  afterAll(() => removeTree(path));
  return path;
}

/** The same for all tests that this process runs; gone with the directory of the whole run. */
export function keptDirectory(): string {
  return makeDirectory();
}

function makeDirectory(): string {
  return mkdtempSync(join(root(), 't-'));
}
