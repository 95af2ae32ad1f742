import { removeSync } from 'fs-extra/esm';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Removes a tree, also where a test took away the permission to do so. */
export function removeTree(path: string): void {
  openUp(path);
  removeSync(path);
}

function openUp(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) openUp(join(directory, entry.name));
  }
}
