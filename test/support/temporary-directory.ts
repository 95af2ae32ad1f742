import { ensureDirSync, outputFileSync } from 'fs-extra/esm';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const prefix = 'identity-install-test-';

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
  const path = join(realpathSync(tmpdir()), `${prefix}${randomUUID()}`);
  beforeAll(() => {
    mkdirSync(path, { mode: 0o700 });
  });
  afterAll(() => removeTree(path));
  return path;
}

function makeDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), prefix)));
}

/** Removes a tree, also where a test took away the permission to do so. */
function removeTree(path: string): void {
  openUp(path);
  rmSync(path, { recursive: true, force: true });
}

function openUp(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) openUp(join(directory, entry.name));
  }
}
