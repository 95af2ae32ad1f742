import { join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { PackPath } from '../../core/path.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';

export interface PackFile {
  readonly path: PackPath;
  /** Bytes. */
  readonly size: number;
}

export interface PackFiles {
  /** By place; links and special files are none. */
  readonly files: readonly PackFile[];
  /** Whether there are more than are listed. */
  readonly truncated: boolean;
}

/** What is told of one pack, and how much of one file. */
export const packReadLimits = { files: 2000, depth: 16, fileBytes: 1024 * 1024 } as const;

/** The files of a pack, as far as the limits go; what cannot be looked at is left out. */
export function listPackFiles(fs: ReadFileSystem, directory: string): PackFiles {
  const files: PackFile[] = [];
  let truncated = false;
  const visit = (path: PackPath, depth: number): void => {
    const names = readable(() =>
      fs.within(directory, join(directory, path), () => fs.list(join(directory, path))),
    );
    for (const name of names ?? []) {
      const inside = path === '' ? name : `${path}/${name}`;
      const stat = readable(() => fs.stat(join(directory, inside)));
      if (stat?.kind === 'file' && files.length < packReadLimits.files) {
        files.push({ path: inside, size: stat.size });
      } else if (stat?.kind === 'directory' && depth < packReadLimits.depth && !truncated) {
        visit(inside, depth + 1);
      } else if (stat?.kind === 'file' || stat?.kind === 'directory') {
        truncated = true;
        return;
      }
    }
  };
  visit('', 1);
  return { files, truncated };
}

/**
 * One file of a pack; no link is followed on the way, so nothing outside of it can be read, whatever
 * happens to the pack meanwhile.
 *
 * @returns why not, where it cannot be read
 */
export function readPackFile(
  fs: ReadFileSystem,
  directory: string,
  path: string,
): Uint8Array | 'not-found' | 'not-plain' | 'too-large' {
  if (!isPlainPath(path)) return 'not-plain';
  const file = join(directory, ...path.split('/'));
  return (
    readable(() =>
      fs.within(directory, join(file, '..'), () => {
        const stat = fs.stat(file);
        if (stat?.kind !== 'file') return 'not-found';
        return stat.size > packReadLimits.fileBytes ? 'too-large' : fs.read(file);
      }),
    ) ?? 'not-found'
  );
}

function readable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
