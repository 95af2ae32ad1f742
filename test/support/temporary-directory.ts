import { ensureDirSync, outputFileSync, removeSync } from 'fs-extra/esm';
import { chmodSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

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

/** The same for all tests of a `describe` or a file together; called where those are declared. */
export function suiteDirectory(): string {
  const path = makeDirectory();
  afterAll(() => removeTree(path));
  return path;
}

function makeDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'identity-install-test-')));
}

/** Removes a tree, also where a test took away the permission to do so. */
function removeTree(path: string): void {
  openUp(path);
  removeSync(path);
}

function openUp(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) openUp(join(directory, entry.name));
  }
}
