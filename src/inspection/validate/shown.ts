import { isAbsolute, relative, sep } from 'node:path';

/**
 * A directory as findings show it: relative to the working directory if it lies below that, so that
 * an editor or a CI service that starts there finds the file; otherwise absolute.
 */
export function shownFrom(workingDirectory: string, path: string): string {
  const inside = relative(workingDirectory, path);
  if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return path;
  return inside.split(sep).join('/');
}
