import type { ReadFileSystem } from '../file-system.ts';

/**
 * The whole file at `path`; undefined if it is larger than `limit` bytes, in which case nothing is
 * read: one of our own files that grew unreasonably must not exhaust the memory.
 */
export function readBounded(fs: ReadFileSystem, path: string, limit: number): Buffer | undefined {
  const size = fs.stat(path)?.size ?? 0;
  return size > limit ? undefined : fs.read(path);
}
