import { join } from 'node:path';
import { errnoOf } from '../core/errors.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { excess, type PackLimits } from './limits.ts';
import { problem, type PackProblem } from './tree-check.ts';
import { isUnholdable } from './tree-names.ts';

export interface ScannedFile {
  /** Relative, `/` between components. */
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly executable: boolean;
}

export interface DirectoryScan {
  readonly files: ScannedFile[];
  readonly problems: PackProblem[];
}

/** How many problems of one directory are collected; more would not help. */
const mostProblems = 100;

/**
 * Every file and link below a directory, never through a link, without a `.git` at its top.
 * Whatever git could not hold is a problem: devices, FIFOs and sockets, nested repositories, names
 * that are not UTF-8, special modes; and so is anything over the limits. No content is read.
 */
export function scanDirectory(fs: ReadFileSystem, root: string, limits: PackLimits): DirectoryScan {
  const files: ScannedFile[] = [];
  const problems: PackProblem[] = [];
  // Two levels more than a pack may have: it lies below `identity/packs/<id>`.
  const deepest = limits.depth + 3;
  let entries = 0;
  let total = 0;
  let over = false;

  const visit = (directory: string, depth: number): void => {
    for (const name of namesIn(fs, root, directory, problems)) {
      if (over || problems.length >= mostProblems) return;
      const path = directory === '' ? name : `${directory}/${name}`;
      if (name === '.git' && directory === '') continue;
      entries += 1;
      if (entries > limits.entries) {
        problems.push(problem('LIMIT_ENTRIES', '', excess('entries', entries, limits)));
        over = true;
        return;
      }
      if (isUnholdable(name)) {
        problems.push(problem('PATH_GIT', path, 'a repository inside a pack'));
        continue;
      }
      const stat = fs.stat(join(root, path));
      switch (stat?.kind) {
        case undefined:
          problems.push(problem('ENTRY_VANISHED', path, 'a file that vanished while it was read'));
          continue;
        case 'directory':
          if (depth < deepest) visit(path, depth + 1);
          else {
            const message = excess('depth', depth + 1, limits);
            problems.push(problem('LIMIT_DEPTH', path, message));
          }
          continue;
        case 'special':
          problems.push(problem('ENTRY_SPECIAL', path, 'a device, FIFO or socket'));
          continue;
        case 'file':
        case 'link':
      }
      if (stat.kind === 'file' && (stat.mode & 0o7000) !== 0) {
        const message = 'a set-user-id, set-group-id or sticky file';
        problems.push(problem('ENTRY_MODE', path, message));
      }
      if (stat.size > limits.fileBytes) {
        problems.push(problem('LIMIT_FILE', path, excess('fileBytes', stat.size, limits)));
        continue;
      }
      total += stat.size;
      if (total > limits.totalBytes) {
        problems.push(problem('LIMIT_TOTAL', '', excess('totalBytes', total, limits)));
        over = true;
        return;
      }
      files.push({ path, kind: stat.kind, executable: (stat.mode & 0o100) !== 0 });
    }
  };
  visit('', 1);
  return { files, problems };
}

/**
 * The file system reports names that are not UTF-8 as EILSEQ, and lists nothing of that directory.
 */
function namesIn(
  fs: ReadFileSystem,
  root: string,
  directory: string,
  problems: PackProblem[],
): string[] {
  try {
    return fs.list(join(root, directory));
  } catch (error) {
    if (errnoOf(error) !== 'EILSEQ') throw error;
    problems.push(problem('PATH_ENCODING', directory, 'a name that is not UTF-8'));
    return [];
  }
}
