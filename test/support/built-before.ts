import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setup as build } from './build.ts';

/**
 * Builds `dist/` where it is missing, for tests of this process that install the starter release:
 * it is made by the build, and seldom changes.
 */
export function setup(): void {
  if (!existsSync(fileURLToPath(new URL('../../dist/starter.bundle', import.meta.url)))) build();
}
