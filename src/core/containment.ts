import { isAbsolute, parse, relative, resolve, sep, type PlatformPath } from 'node:path';

/** Whether `path` is `directory` or lies below it; both absolute and normalised. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(resolve(directory), resolve(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * Whether an absolute path is the root of a file system: `/`, a drive, a network share.
 *
 * @param rules the path rules of another platform than this one
 */
export function isFileSystemRoot(
  path: string,
  rules: Pick<PlatformPath, 'parse'> = { parse },
): boolean {
  return rules.parse(path).root === path;
}
