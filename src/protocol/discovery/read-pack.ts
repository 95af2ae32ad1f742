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
  /**
   * By path. Links and special files are left out, and so are files whose path is not plain,
   * because they could not be requested.
   */
  readonly files: readonly PackFile[];
  /** Whether there are more than are listed. */
  readonly truncated: boolean;
}

export interface PackListLimits {
  readonly files: number;
  /** Levels of directories; the pack's own is the first. */
  readonly depth: number;
}

/** How many files of one pack are listed, and how much of one file is returned. */
export const packReadLimits = { files: 2000, depth: 16, fileBytes: 1024 * 1024 } as const;

/** The files of a pack, up to the limits; what cannot be read is left out. */
export function listPackFiles(
  fs: ReadFileSystem,
  directory: string,
  limits: PackListLimits = packReadLimits,
): PackFiles {
  const files: PackFile[] = [];
  let truncated = false;
  const visit = (path: PackPath, depth: number): void => {
    const names = readable(() =>
      fs.inDirectory(directory, join(directory, path), () => fs.list(join(directory, path))),
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

/** Why a file of a pack cannot be read. */
export type Unread =
  /** It does not exist, is behind a link, is not a regular file, or may not be read. */
  | 'not-found'
  /** No path inside a pack. */
  | 'not-plain'
  | 'too-large';

/**
 * One file of a pack, never one outside it: directories on the way are held while it is read, so
 * that a link put in their place meanwhile has no effect. A file that grows meanwhile is read only
 * up to `packReadLimits.fileBytes`.
 *
 * @param directory absolute, without links
 * @returns the reason if it cannot be read
 */
export function readPackFile(fs: ReadFileSystem, directory: string, path: string): Buffer | Unread {
  if (!isPlainPath(path)) return 'not-plain';
  const file = join(directory, ...path.split('/'));
  const bytes = readable(() =>
    fs.inDirectory(directory, dirname(file), () => {
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

/** The text of a file, with its byte order mark; undefined if it is not text. */
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
