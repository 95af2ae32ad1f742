import type { FileSystem } from '../file-system.ts';
import { writeVerified } from './verified-write.ts';

/**
 * Replaces a file of our own state: a reader sees the old or the new one, and the new one is
 * durable as soon as its directory is synced.
 *
 * @throws the operating system's own errors
 */
export function replaceDurably(fs: FileSystem, path: string, bytes: Uint8Array): void {
  const temporary = `${path}.new`;
  if (fs.stat(temporary) !== undefined) fs.unlink(temporary);
  writeVerified(fs, temporary, bytes, 0o600);
  fs.sync(temporary);
  fs.rename(temporary, path);
}
