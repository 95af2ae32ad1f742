import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { systemError } from '../system-error.ts';

/**
 * Flags for every open: a link at the last component fails with ELOOP, and a FIFO without a writer
 * does not block. Windows has neither flag, so `openExisting` checks before it opens there.
 */
const careful =
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

const followsLinks = (constants.O_NOFOLLOW as number | undefined) === undefined;

/** Opens what exists, whatever it is, without following a link at the last component. */
export function openExisting(path: string, access: number): number {
  if (followsLinks && lstatSync(path).isSymbolicLink()) {
    throw systemError('ELOOP', 'too many symbolic links encountered', 'open', path);
  }
  return openSync(path, access | careful);
}

/**
 * Opens a regular file.
 *
 * @throws EISDIR for a directory, EINVAL for a FIFO or a device
 */
export function openRegular(path: string, access: number): { descriptor: number; stats: Stats } {
  const descriptor = openExisting(path, access);
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) {
      throw systemError('EISDIR', 'illegal operation on a directory', 'read', path);
    }
    if (!stats.isFile()) throw systemError('EINVAL', 'not a regular file', 'open', path);
    return { descriptor, stats };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * Creates a file that nobody else may read until its mode is set; EEXIST if anything exists there.
 */
export function createExclusive(path: string, mode: number, access: number): number {
  const flags = access | constants.O_CREAT | constants.O_EXCL | careful;
  const descriptor = openSync(path, flags, 0o600);
  try {
    fchmodSync(descriptor, mode);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The whole file, even if it grows or is larger than its reported size (as below /proc). */
export function readToEnd(descriptor: number, expected: number): Buffer {
  // One byte more than expected: a read that does not fill the buffer has reached the end.
  let buffer = Buffer.allocUnsafe(expected + 1);
  let length = 0;
  for (;;) {
    const asked = buffer.byteLength - length;
    const got = readSync(descriptor, buffer, length, asked, null);
    length += got;
    if (got === 0 || (got < asked && length === expected)) return buffer.subarray(0, length);
    if (length === buffer.byteLength) {
      buffer = Buffer.concat([buffer], Math.max(buffer.byteLength * 2, 65_536));
    }
  }
}

/** Writes until every byte is written: write(2) does not report a short write as an error. */
export function writeAll(descriptor: number, bytes: Uint8Array, path: string): void {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const written = writeSync(descriptor, bytes, offset, bytes.byteLength - offset);
    if (written === 0) throw systemError('ENOSPC', 'nothing was written', 'write', path);
    offset += written;
  }
}
