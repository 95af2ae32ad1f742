import type { FileSystem } from '../file-system.ts';
import { systemError } from '../system-error.ts';

/**
 * Creates a file and reads it back: a write can report success without having stored the bytes, and
 * a gap in our own records would only be found when they are needed.
 *
 * @throws the operating system's errors; EIO if the file does not hold what was written
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

/** The same for bytes appended to a file of `size` bytes, which may be 0. */
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
