import { basename, dirname, join } from 'node:path';
import { isGitName } from '../../core/git-name.ts';
import type { ReadFileSystem } from '../file-system.ts';

/** Why a place that a working tree names must not be used. */
export type Stray =
  | { readonly kind: 'outside'; readonly project: string }
  | { readonly kind: 'git-directory'; readonly directory: string };

/**
 * Checks a place that is named by a file that may have come with a clone. A file inside a working
 * tree may only name places inside that working tree. No file may name a place in a git directory,
 * because git would run what is written there as a hook, or obey it as a setting. A place that is only
 * read may be a git directory itself, because a repository is a source.
 *
 * @param holder the directory that the naming file belongs to; absolute, links resolved, need not exist
 * @param place the same
 * @param use whether the place is only read, or written; default: written
 * @returns undefined for a place that may be used
 */
export function strayFrom(
  fs: ReadFileSystem,
  holder: string,
  place: string,
  use: 'read' | 'write' = 'write',
): Stray | undefined {
  const project = workingTreeOf(fs, holder);
  const way = wayUp(place, project ?? workingTreeOf(fs, place));
  if (way === undefined) return project === undefined ? undefined : { kind: 'outside', project };
  const entered = use === 'read' ? way.slice(1) : way;
  const directory = entered.find((at) => isGitDirectory(fs, at));
  return directory === undefined ? undefined : { kind: 'git-directory', directory };
}

/**
 * The root of the working tree that contains a place: the nearest directory above it with a `.git`.
 */
export function workingTreeOf(fs: ReadFileSystem, place: string): string | undefined {
  for (let at = place; ; at = dirname(at)) {
    if (fs.stat(join(at, '.git')) !== undefined) return at;
    if (at === dirname(at)) return undefined;
  }
}

/**
 * A place and the directories above it, up to a root that is left out; undefined if it is not
 * below.
 */
function wayUp(place: string, root: string | undefined): readonly string[] | undefined {
  const way: string[] = [];
  for (let at = place; at !== root; at = dirname(at)) {
    way.push(at);
    if (at === dirname(at)) return root === undefined ? way : undefined;
  }
  return way;
}

/**
 * By its name, or by its content: a bare repository, or the git directory of another working tree.
 */
function isGitDirectory(fs: ReadFileSystem, path: string): boolean {
  if (isGitName(basename(path))) return true;
  if (fs.stat(join(path, 'HEAD')) === undefined) return false;
  const holds = (name: string): boolean => fs.stat(join(path, name)) !== undefined;
  return holds('commondir') || (holds('objects') && holds('refs'));
}
