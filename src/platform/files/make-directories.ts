import { dirname } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { FileSystem } from '../file-system.ts';

/**
 * Creates a directory unless something exists at the path. One that another run creates at the same
 * moment is as good as ours; a caller that needs to know what is there checks afterwards.
 *
 * @throws the operating system's errors; EEXIST if something else has been created there meanwhile
 */
export function makeDirectory(fs: FileSystem, path: string, mode: number): void {
  if (fs.stat(path) !== undefined) return;
  try {
    fs.makeDirectory(path, mode);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || fs.stat(path)?.kind !== 'directory') throw error;
  }
}

/** The same, with all missing parents. */
export function makeDirectories(fs: FileSystem, path: string, mode: number): void {
  if (fs.stat(path) !== undefined) return;
  makeDirectories(fs, dirname(path), mode);
  makeDirectory(fs, path, mode);
}
