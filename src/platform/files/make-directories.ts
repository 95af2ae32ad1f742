import { dirname } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { FileSystem } from '../file-system.ts';

/**
 * Makes a directory where nothing stands yet. One that another run makes in the same moment is as
 * good as ours; whoever needs to know what stands there looks at it afterwards.
 *
 * @throws the operating system's errors; EEXIST when something else has come to the place meanwhile
 */
export function makeDirectory(fs: FileSystem, path: string, mode: number): void {
  if (fs.stat(path) !== undefined) return;
  try {
    fs.makeDirectory(path, mode);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || fs.stat(path)?.kind !== 'directory') throw error;
  }
}

/** The same, with every directory above it that is missing. */
export function makeDirectories(fs: FileSystem, path: string, mode: number): void {
  if (fs.stat(path) !== undefined) return;
  makeDirectories(fs, dirname(path), mode);
  makeDirectory(fs, path, mode);
}
