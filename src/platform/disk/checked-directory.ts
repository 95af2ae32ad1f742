import { join, relative, sep } from 'node:path';
import type { Stat } from '../file-system.ts';
import { systemError } from '../system-error.ts';

/** The names on the way from `root` to `directory`, which is the root itself or lies below it. */
export function namesBetween(root: string, directory: string): string[] {
  const way = relative(root, directory);
  const names = way === '' ? [] : way.split(sep);
  if (join(root, ...names) === directory && !names.includes('..')) return names;
  throw new RangeError(`${directory} does not lie in ${root}`);
}

/**
 * `inDirectory` for a platform that cannot hold a directory: every component is checked before the
 * action and again after it. A component that is swapped in between still redirects the action, but
 * it no longer goes unnoticed.
 */
export function inCheckedDirectory<T>(
  stat: (path: string) => Stat | undefined,
  root: string,
  directory: string,
  act: () => T,
): T {
  const names = namesBetween(root, directory);
  const ways = [root, ...names.map((_name, index) => join(root, ...names.slice(0, index + 1)))];
  const identities = () => ways.map((path) => identityOf(stat(path), path));
  const before = identities();
  const result = act();
  const moved = identities().findIndex((identity, index) => identity !== before[index]);
  if (moved !== -1) throw notADirectory(ways[moved] ?? root, 'it was replaced meanwhile');
  return result;
}

function identityOf(stat: Stat | undefined, path: string): string {
  if (stat === undefined) throw systemError('ENOENT', 'no such file or directory', 'open', path);
  if (stat.kind !== 'directory') throw notADirectory(path, 'not a directory');
  return `${stat.device}:${stat.inode}`;
}

function notADirectory(path: string, reason: string): Error {
  return systemError('ENOTDIR', reason, 'open', path);
}
