import { join } from 'node:path';
import type { FileSystem } from '../file-system.ts';

/**
 * Removes a directory of ours and everything in it. Only for what was never reachable in an
 * instance: staged files before the commit marker, and reports that were not published yet.
 *
 * @throws the operating system's own errors
 */
export function discardTree(fs: FileSystem, directory: string): void {
  const mode = fs.stat(directory)?.mode ?? 0o700;
  if ((mode & 0o700) !== 0o700) fs.changeMode(directory, 0o700);
  for (const name of fs.list(directory)) {
    const path = join(directory, name);
    if (fs.stat(path)?.kind === 'directory') discardTree(fs, path);
    else fs.unlink(path);
  }
  fs.removeDirectory(directory);
}
