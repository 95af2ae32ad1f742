import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether `path` is `directory` or lies below it; both absolute and normalised. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(resolve(directory), resolve(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
