import { join } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import type { PackLimits } from './limits.ts';
import { isUnholdable } from './tree-names.ts';

export interface ScannedFile {
  /** Relative, `/` between components. */
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly executable: boolean;
}

/**
 * Every file and link below a directory, never through a link, without a `.git` at its top. What
 * git could not hold is refused: devices, FIFOs and sockets, nested repositories, names that are
 * not UTF-8, special modes.
 * @throws E_PACK_ENTRY, E_PACK_PATH, E_PACK_LIMIT
 */
export function scanDirectory(fs: ReadFileSystem, root: string, limits: PackLimits): ScannedFile[] {
  const found: ScannedFile[] = [];
  let total = 0;

  const visit = (directory: string, depth: number): void => {
    // Two levels more than a pack may have: it lies below `identity/packs/<id>`.
    if (depth > limits.depth + 3) throw limit(root, `directories deeper than ${limits.depth}`);
    for (const name of namesIn(fs, join(root, directory))) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (name === '.git' && directory === '') continue;
      if (isUnholdable(name)) {
        throw refused('E_PACK_PATH', 'A repository inside a pack', join(root, path));
      }
      const stat = fs.stat(join(root, path));
      switch (stat?.kind) {
        case undefined:
          throw refused('E_PACK_ENTRY', 'A file that vanished while it was read', path);
        case 'directory':
          visit(path, depth + 1);
          continue;
        case 'special':
          throw refused('E_PACK_ENTRY', 'A device, FIFO or socket', join(root, path));
        case 'file':
        case 'link':
      }
      if (stat.kind === 'file' && (stat.mode & 0o7000) !== 0) {
        throw refused('E_PACK_ENTRY', 'A set-user-id, set-group-id or sticky file', path);
      }
      total += stat.size;
      if (stat.size > limits.fileBytes) throw limit(path, `a file over ${limits.fileBytes} bytes`);
      if (total > limits.totalBytes) throw limit(root, `more than ${limits.totalBytes} bytes`);
      if (found.length >= limits.entries) throw limit(root, `more than ${limits.entries} files`);
      found.push({ path, kind: stat.kind, executable: (stat.mode & 0o100) !== 0 });
    }
  };
  visit('', 1);
  return found;
}

/** @throws E_PACK_PATH for names that are not UTF-8, which the file system reports as EILSEQ */
function namesIn(fs: ReadFileSystem, directory: string): string[] {
  try {
    return fs.list(directory);
  } catch (error) {
    if (errnoOf(error) !== 'EILSEQ') throw error;
    throw refused('E_PACK_PATH', 'A name that is not UTF-8', directory);
  }
}

function refused(code: 'E_PACK_ENTRY' | 'E_PACK_PATH', what: string, path: string): InstallError {
  return new InstallError(code, `${what} is no part of a release: ${printable(path)}`, {
    hint: 'Remove it from the directory, or copy the pack elsewhere without it.',
    details: { path: printable(path) },
  });
}

function limit(path: string, what: string): InstallError {
  return new InstallError('E_PACK_LIMIT', `There is ${what}: ${printable(path)}`, {
    hint: 'Give the directory of the pack itself, without build output and caches.',
    details: { path: printable(path) },
  });
}
