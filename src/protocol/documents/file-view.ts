import { join } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import { errnoOf } from '../../core/errors.ts';
import { compileGlob, globProblem } from '../../core/glob.ts';
import type { PackPath } from '../../core/path.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import type { NodeKind, ReadFileSystem } from '../../platform/file-system.ts';

/** The files below one directory, read-only, by plain relative paths. */
export interface FileView {
  /** The bytes of a regular file; undefined if there is none or it cannot be read. */
  read(path: PackPath): Uint8Array | undefined;
  /** The entries of a directory, sorted; empty if there is no directory. `''` is the view's own. */
  list(directory: PackPath): readonly DirectoryMember[];
  /** How a path of this view is shown in a finding. */
  show(path: PackPath): string;
}

export interface DirectoryMember {
  readonly name: string;
  /** Links are listed, never followed. */
  readonly kind: NodeKind;
  /** Present only for files that are too large to be read. */
  readonly tooLarge?: true;
}

/** Whether the name of a file is that of a document of the protocol. */
export function isDocument(path: PackPath): boolean {
  return /\.(?:json|jsonl|md|ya?ml)$/.test(path);
}

/** Larger files are not documents of the protocol and are not read. */
export const maxDocumentBytes = 8 * 1024 * 1024;

/** A pattern comes from a pack, and a working directory may be a whole disk. */
const maxDirectories = 10_000;
const maxMatches = 2000;

/**
 * A directory on the disk. Links below it are not followed.
 *
 * @param shownBelow the prefix of paths in findings: `identity/packs/x` for example
 */
export function directoryView(fs: ReadFileSystem, root: string, shownBelow = ''): FileView {
  /** Whether every component down to the path is a directory of its own, not a link. */
  const leadsThere = (path: PackPath): boolean => {
    let at = root;
    const parts = path === '' ? [] : path.split('/');
    return parts.every((part) => {
      at = join(at, part);
      return fs.stat(at)?.kind === 'directory';
    });
  };
  const parentOf = (path: PackPath): PackPath => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return {
    read(path) {
      const absolute = join(root, path);
      if (!leadsThere(parentOf(path))) return undefined;
      const stat = fs.stat(absolute);
      if (stat?.kind !== 'file' || stat.size > maxDocumentBytes) return undefined;
      return unlessUnreadable(() => fs.read(absolute));
    },
    list(directory) {
      if (!leadsThere(directory)) return [];
      const absolute = join(root, directory);
      const names = unlessUnreadable(() => fs.list(absolute)) ?? [];
      return names.flatMap((name): DirectoryMember[] => {
        const stat = fs.stat(join(absolute, name));
        if (stat === undefined) return [];
        const { kind, size } = stat;
        return [
          { name, kind, ...(kind === 'file' && size > maxDocumentBytes && { tooLarge: true }) },
        ];
      });
    },
    show: (path) => joinPosix(shownBelow, path),
  };
}

/** Errors that nobody here can help: such a file counts as missing. */
function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EILSEQ', 'EIO'].includes(errno)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Entries that exist but are not in memory; `large` for a file that is too large to be a document.
 */
export type Unheld = 'link' | 'special' | 'large';

/**
 * Files in memory: an incoming release, a new pack, a sample.
 *
 * @param others what exists besides these files and their directories
 */
export function memoryView(
  files: ReadonlyMap<PackPath, Uint8Array>,
  shownBelow = '',
  others: ReadonlyMap<PackPath, Unheld> = new Map(),
): FileView {
  let directories: ReadonlyMap<PackPath, readonly DirectoryMember[]> | undefined;
  const entries = function* (): Generator<readonly [PackPath, Nameless]> {
    for (const path of files.keys()) yield [path, { kind: 'file' }];
    for (const [path, kind] of others) {
      yield [path, kind === 'large' ? { kind: 'file', tooLarge: true } : { kind }];
    }
  };
  return {
    read: (path) => files.get(path),
    list: (directory) => (directories ??= directoriesOf(entries())).get(directory) ?? [],
    show: (path) => joinPosix(shownBelow, path),
  };
}

type Nameless = Omit<DirectoryMember, 'name'>;

/** Every directory of some paths: a release may have as many of them as it has files. */
function directoriesOf(
  entries: Iterable<readonly [PackPath, Nameless]>,
): ReadonlyMap<PackPath, readonly DirectoryMember[]> {
  const directories = new Map<PackPath, Map<string, DirectoryMember>>();
  for (const [path, entry] of entries) {
    let member = entry;
    for (let inner = path; inner !== ''; member = { kind: 'directory' }) {
      const end = inner.lastIndexOf('/');
      const [directory, name] = [inner.slice(0, Math.max(0, end)), inner.slice(end + 1)];
      const members = directories.get(directory) ?? new Map<string, DirectoryMember>();
      const isKnown = members.has(name);
      directories.set(directory, members.set(name, { name, ...member }));
      // The parents of a known directory are known as well.
      if (isKnown) break;
      inner = directory;
    }
  }
  const byName = (left: DirectoryMember, right: DirectoryMember) =>
    left.name < right.name ? -1 : 1;
  return new Map([...directories].map(([path, found]) => [path, [...found.values()].sort(byName)]));
}

/** The view of a directory inside another view. */
export function viewBelow(view: FileView, directory: PackPath): FileView {
  const inside = (path: PackPath): PackPath => joinPosix(directory, path).replace(/^\.$/, '');
  return {
    read: (path) => view.read(inside(path)),
    list: (path) => view.list(inside(path)),
    show: (path) => view.show(inside(path)),
  };
}

/** How many more names all patterns of a pack together may be compared with. */
export interface Search {
  namesLeft: number;
}

/** A pack has as many patterns as fit into a document, and as many files as it likes. */
export function createSearch(): Search {
  return { namesLeft: 1_000_000 };
}

/** The approximate cost of compiling a pattern, in comparisons with a name. */
const namesPerPattern = 200;

/**
 * The files that a contract's pattern names, sorted. Stars stay inside one component, as in the
 * globs of the protocol's own checkers. Of very many files only the last by name are returned,
 * since evidence is named by date. A pattern that matches very many directories is not followed
 * into all of them, and the search stops when its effort is used up.
 */
export function matchFiles(view: FileView, pattern: string, search: Search): PackPath[] {
  if (isPlainPath(pattern) && /^[\w./-]+$/.test(pattern)) {
    return view.read(pattern) === undefined ? [] : [pattern];
  }
  search.namesLeft -= namesPerPattern;
  if (search.namesLeft < 0 || globProblem(pattern) !== undefined) return [];
  let reached: PackPath[] = [''];
  let listed = 0;
  const parts = pattern.split('/');
  for (const [index, part] of parts.entries()) {
    const wanted = index === parts.length - 1 ? 'file' : 'directory';
    const matches = compileGlob(part.replaceAll('**', '*'));
    const below: PackPath[] = [];
    for (const directory of reached) {
      if (listed === maxDirectories || search.namesLeft < 0) break;
      listed += 1;
      const members = view.list(directory);
      search.namesLeft -= members.length;
      for (const { name, kind } of members) {
        if (kind === wanted && matches(name)) below.push(joinPosix(directory, name));
      }
    }
    reached = below;
  }
  return reached.sort().slice(-maxMatches);
}
