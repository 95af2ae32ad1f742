import type { FileSystem } from '../file-system.ts';
import { systemError } from '../system-error.ts';

/**
 * Creates a file and reads it back: that a write reported success is a claim, and what would be
 * missing of our own books is found out only when it is needed.
 *
 * @throws the operating system's errors; EIO when the file does not hold what was written
 */
export function writeVerified(
  fs: Pick<FileSystem, 'writeNew' | 'read'>,
  path: string,
  bytes: Uint8Array,
  mode: number,
): void {
  fs.writeNew(path, bytes, mode);
  if (!fs.read(path).equals(bytes)) throw notWritten(path);
}

/** The same for bytes that go to the end of a file of `size` bytes, or of none. */
export function appendVerified(
  fs: Pick<FileSystem, 'append' | 'read'>,
  path: string,
  bytes: Uint8Array,
  size: number,
): void {
  fs.append(path, bytes);
  if (!fs.read(path).subarray(size).equals(bytes)) throw notWritten(path);
}

function notWritten(path: string): Error {
  return systemError('EIO', 'it does not hold what was written to it', 'write', path);
}
