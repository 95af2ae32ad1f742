import { join } from 'node:path';
import type { FileSystem } from '../../src/platform/file-system.ts';

type Call = (...args: readonly unknown[]) => unknown;

/**
 * A file system for one flat context: what lies at `<directory>/releases.*`, the store and its
 * locks, is reached through `plain`, and everything else through `fs`. The store is git's own
 * business; faults are injected into what the engine writes.
 */
export function releasesApart(fs: FileSystem, plain: FileSystem, directory: string): FileSystem {
  const releases = join(directory, 'releases.');
  const others = plain as unknown as Record<string, Call | undefined>;
  const calls = Object.entries(fs as unknown as Record<string, unknown>).map(([name, call]) => {
    const other = others[name];
    if (typeof call !== 'function' || other === undefined) return [name, call] as const;
    const routed: Call = (...args) => {
      const [path] = args;
      const isApart = typeof path === 'string' && path.startsWith(releases);
      return isApart ? other(...args) : (call as Call)(...args);
    };
    return [name, routed] as const;
  });
  return Object.fromEntries(calls) as unknown as FileSystem;
}
