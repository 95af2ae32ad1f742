import { join, sep } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { packMarkers } from '../../core/pack-places.ts';
import { isGitName } from '../../core/git-name.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { strayFrom, type Stray } from '../../platform/files/working-tree.ts';
import { attempt, type Report } from './attempt.ts';
import type { ListingError } from './listing.ts';

export function isPack(fs: ReadFileSystem, directory: string): boolean {
  return packMarkers.some((name) => fs.stat(join(directory, name)) !== undefined);
}

/** Whether `path` is `directory` or lies below it; both absolute and normalised. */
export function isBelow(path: string, directory: string): boolean {
  if (path === directory) return true;
  return path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
}

/**
 * The directory, links resolved, that a catalog names as a pack's place; undefined if it cannot be
 * used, which is reported. Links are followed as long as they stay inside the root: the author of a
 * catalog must not be able to make a reader open other files.
 *
 * @param root absolute, links resolved
 * @param packPath relative to the root
 */
export function packDirectory(
  fs: ReadFileSystem,
  root: string,
  id: string,
  packPath: string,
  report: Report,
): string | undefined {
  // Older tools wrote `./instances/x/`.
  const plain = packPath.replace(/^\.\//, '').replace(/\/$/, '');
  if (!isPlainPath(plain)) {
    report(invalid(id, root, 'its pack_path is not a path inside the root'));
    return undefined;
  }
  const path = join(root, ...plain.split('/'));
  const place = attempt(report, 'PACK_UNREADABLE', path, () => resolvePlace(fs, root, plain));
  if (place === 'nothing') report(missing(id, path));
  else if (place === undefined) return undefined;
  else if (!isBelow(place.path, root)) report(invalid(id, path, 'a link leads out of the root'));
  else if (place.path.slice(root.length).split(sep).some(isGitName)) {
    report(invalid(id, path, strayWords['git-directory']));
  } else if (!place.isDirectory) report(invalid(id, path, 'it is not a directory'));
  else return entered(fs, place.path, report);
  return undefined;
}

/** The directory, unless it cannot be read: nothing of such a pack could be used. */
function entered(fs: ReadFileSystem, directory: string, report: Report): string | undefined {
  const looked = attempt(report, 'PACK_UNREADABLE', directory, () => [isPack(fs, directory)]);
  return looked && directory;
}

function invalid(id: string, path: string, problem: string): ListingError {
  const message = `The pack of "${id}" cannot be used: ${problem}.`;
  return { code: 'PACK_PATH_INVALID', path, message, severity: 'error' };
}

function missing(id: string, path: string): ListingError {
  const message = `The pack of "${id}" does not exist: ${path}.`;
  return { code: 'PACK_PATH_NOT_FOUND', path, message, severity: 'error' };
}

/**
 * As `packDirectory`, for an absolute place: the owner of a local catalog may name any directory,
 * unless the catalog lies in a working tree and may have come with it.
 */
export function absolutePackDirectory(
  fs: ReadFileSystem,
  root: string,
  id: string,
  path: string,
  report: Report,
): string | undefined {
  return attempt(report, 'PACK_UNREADABLE', path, () => {
    const real = fs.stat(path) && realPathOf(fs, path);
    const stray = real === undefined ? undefined : strayFrom(fs, root, real);
    if (real === undefined) report(missing(id, path));
    else if (stray !== undefined) report(invalid(id, path, strayWords[stray.kind]));
    else if (fs.stat(real)?.kind === 'directory') return entered(fs, real, report);
    else report(invalid(id, path, 'it is not a directory'));
    return undefined;
  });
}

/** Whether an existing place of a root really lies in the root; links may lead out of it. */
export function staysInside(fs: ReadFileSystem, root: string, plain: string): boolean {
  const place = resolvePlace(fs, root, plain);
  return place === 'nothing' || isBelow(place.path, root);
}

const strayWords: Readonly<Record<Stray['kind'], string>> = {
  outside: 'it leads out of the working tree that the catalog lies in',
  'git-directory': 'it lies in a git directory',
};

type Place = 'nothing' | { readonly path: string; readonly isDirectory: boolean };

function resolvePlace(fs: ReadFileSystem, root: string, plain: string): Place {
  let at = root;
  for (const part of plain.split('/')) {
    at = `${at}${sep}${part}`;
    const stat = fs.stat(at);
    if (stat === undefined) return 'nothing';
    if (stat.kind !== 'link') continue;
    const real = realPathOf(fs, at);
    if (real === undefined) return 'nothing';
    at = real;
  }
  return { path: at, isDirectory: fs.stat(at)?.kind === 'directory' };
}

/** Undefined for a link that leads nowhere, or in a circle. */
function realPathOf(fs: ReadFileSystem, path: string): string | undefined {
  try {
    return fs.realPath(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ELOOP' || errno === 'ENOTDIR') return undefined;
    throw error;
  }
}
