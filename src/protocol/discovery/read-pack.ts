import { dirname, join } from 'node:path';
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
  /** By place; links and special files are none, nor is what has no plain path to ask for it by. */
  readonly files: readonly PackFile[];
  /** Whether there are more than are listed. */
  readonly truncated: boolean;
}

export interface PackListLimits {
  readonly files: number;
  /** Levels of directories; the pack's own is the first. */
  readonly depth: number;
}

/** What is told of one pack, and how much of one file. */
export const packReadLimits = { files: 2000, depth: 16, fileBytes: 1024 * 1024 } as const;

/** The files of a pack, as far as the limits go; what cannot be looked at is left out. */
export function listPackFiles(
  fs: ReadFileSystem,
  directory: string,
  limits: PackListLimits = packReadLimits,
): PackFiles {
  const files: PackFile[] = [];
  let truncated = false;
  const visit = (path: PackPath, depth: number): void => {
    const names = readable(() =>
      fs.within(directory, join(directory, path), () => fs.list(join(directory, path))),
    );
    for (const name of names ?? []) {
      const inside = path === '' ? name : `${path}/${name}`;
      if (!isPlainPath(inside)) continue;
      const stat = readable(() => fs.stat(join(directory, inside)));
      if (stat?.kind === 'file' && files.length < limits.files) {
        files.push({ path: inside, size: stat.size });
      } else if (stat?.kind === 'directory' && depth < limits.depth && !truncated) {
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

/** Why a file of a pack cannot be had. */
export type Unread =
  /** Nothing there, a link on the way, no regular file, or not ours to read. */
  | 'not-found'
  /** No path inside a pack. */
  | 'not-plain'
  | 'too-large';

/**
 * One file of a pack, never one outside of it: directories on the way are held while it is read, so
 * that a link put in their place meanwhile leads nowhere. A file that grows meanwhile is read no
 * further than `packReadLimits.fileBytes`.
 *
 * @param directory absolute, without links
 * @returns why not, where it cannot be read
 */
export function readPackFile(fs: ReadFileSystem, directory: string, path: string): Buffer | Unread {
  if (!isPlainPath(path)) return 'not-plain';
  const file = join(directory, ...path.split('/'));
  const bytes = readable(() =>
    fs.within(directory, dirname(file), () => {
      if (fs.stat(file)?.kind !== 'file') return 'not-found';
      const chunks: Buffer[] = [];
      let size = 0;
      for (const chunk of fs.readChunks(file)) {
        size += chunk.byteLength;
        if (size > packReadLimits.fileBytes) return 'too-large';
        chunks.push(Buffer.from(chunk));
      }
      return Buffer.concat(chunks);
    }),
  );
  return bytes ?? 'not-found';
}

/** The text of a file, with its byte order mark; undefined where it is none. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
