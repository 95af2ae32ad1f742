import { join } from 'node:path';
import type { FileSystem } from '../../src/platform/file-system.ts';

type Call = (...args: readonly unknown[]) => unknown;

/**
 * A file system for one flat context: what lies at `<directory>/releases.*`, the store and its
 * locks, is reached through `plain`, and everything else through `fs`. The store is git's own
 * business; faults are injected into what the engine writes.
 */
export function releasesApart(fs: FileSystem, plain: FileSystem, directory: string): FileSystem {
  return routed(fs, plain, (path) => isOfReleases(directory, path));
}

/** The other way round: faults in the store, in its locks, and in what a release is made from. */
export function onlyReleases(fs: FileSystem, plain: FileSystem, home: string): FileSystem {
  const state = join(home, '.identity-install');
  return routed(fs, plain, (path) => {
    const isInHome = path === home || path.startsWith(`${home}/`);
    return isInHome && !isOfReleases(state, path);
  });
}

function isOfReleases(directory: string, path: string): boolean {
  return path.startsWith(join(directory, 'releases.'));
}

/** Calls whose first path is elsewhere go to `other`. */
function routed(
  fs: FileSystem,
  other: FileSystem,
  isElsewhere: (path: string) => boolean,
): FileSystem {
  const others = other as unknown as Record<string, Call | undefined>;
  const calls = Object.entries(fs as unknown as Record<string, unknown>).map(([name, call]) => {
    const otherCall = others[name];
    if (typeof call !== 'function' || otherCall === undefined) return [name, call] as const;
    const either: Call = (...args) => {
      const [first] = args;
      const path: unknown = Array.isArray(first) ? first[0] : first;
      const goesThere = typeof path === 'string' && isElsewhere(path);
      return goesThere ? otherCall(...args) : (call as Call)(...args);
    };
    return [name, either] as const;
  });
  return Object.fromEntries(calls) as unknown as FileSystem;
}
