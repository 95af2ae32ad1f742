import type { ReadFileSystem } from '../file-system.ts';

/**
 * The whole file at `path`; undefined when it is larger than `limit` bytes, and then nothing of it is
 * read: a file of our own that grew beyond reason must not take the memory with it.
 */
export function readWithin(fs: ReadFileSystem, path: string, limit: number): Buffer | undefined {
  const size = fs.stat(path)?.size ?? 0;
  return size > limit ? undefined : fs.read(path);
}
