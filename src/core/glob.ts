import picomatch from 'picomatch';
import type { PackPath } from './path.ts';

const options = { dot: true, nonegate: true, noextglob: true, strictBrackets: true } as const;

/**
 * Why a glob cannot be used, or undefined. Globs come from packs, become regular expressions and
 * meet paths that a pack chose: what can make such an expression backtrack (stars and braces in
 * one component) is bounded.
 */
export function globProblem(glob: string): string | undefined {
  if (glob === '') return 'it is empty';
  if (glob.length > 256) return 'it is longer than 256 characters';
  if (/[\\\0]/.test(glob)) return 'it contains a backslash or NUL';
  if (/[()]/.test(glob)) return 'it contains a parenthesis';
  for (const part of glob.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'it is not a plain relative path';
    if (part === '**') continue;
    if (part.includes('**')) return '"**" can only match whole components';
    if (part.split('*').length > 3) return 'a component holds more than two "*"';
    if (part.split('{').length > 3) return 'a component holds more than two "{"';
    try {
      picomatch.makeRe(part, options);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return error.message;
    }
  }
  return undefined;
}

/**
 * A glob as a predicate. Braces, brackets, `*` and `?` match inside one component, `**` any
 * number of whole ones, none included. Components are matched one by one: an expression for the
 * whole path would multiply what its stars can try.
 *
 * @param glob one that `globProblem` accepts
 */
export function compileGlob(glob: string): (path: PackPath) => boolean {
  const parts = glob
    .split('/')
    .map((part) => (part === '**' ? undefined : picomatch(part, options)));
  return (path) => {
    // Which prefixes of the glob match the components so far; index n means its first n parts.
    let reached = withEmptyRuns([true]);
    for (const component of path.split('/')) {
      const next: boolean[] = [];
      parts.forEach((part, index) => {
        if (part === undefined) next[index + 1] = reached[index + 1] === true;
        else if (reached[index] === true && part(component)) next[index + 1] = true;
      });
      if (next.length === 0) return false;
      reached = withEmptyRuns(next);
    }
    return reached[parts.length] === true;
  };

  /** `**` may also match nothing. */
  function withEmptyRuns(reached: boolean[]): boolean[] {
    parts.forEach((part, index) => {
      if (part === undefined && reached[index] === true) reached[index + 1] = true;
    });
    return reached;
  }
}
