import { dirname, join } from 'node:path';
import { sha256OfChunks } from '../core/digest.ts';
import { trustedRoot } from '../instance/locate.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { samePathState, type Change, type PathState } from './change.ts';

/** A link or special file, which no change expects and no change touches. */
export type LiveState = PathState | { readonly kind: 'foreign' };

/** What stands at an absolute path now: content is read and hashed, links are not followed. */
export function liveState(fs: ReadFileSystem, path: string): LiveState {
  const stat = fs.stat(path);
  if (stat === undefined) return { kind: 'absent' };
  if (stat.kind === 'directory') return { kind: 'directory', mode: stat.mode };
  if (stat.kind !== 'file') return { kind: 'foreign' };
  return { kind: 'file', ...sha256OfChunks(fs.readChunks(path)), mode: stat.mode };
}

export function isState(live: LiveState, expected: PathState): boolean {
  return live.kind !== 'foreign' && samePathState(live, expected);
}

/** Where changes lie on the disk. */
export interface Roots {
  readonly home: string;
  readonly instance: string;
}

export function livePath(roots: Roots, change: Pick<Change, 'root' | 'path'>): string {
  return join(change.root === 'home' ? roots.home : roots.instance, change.path);
}

/**
 * Runs `act` while nothing that is swapped above a path in the instance or the home, a link put in
 * the place of a directory for example, can lead it out of there (`FileSystem.within`).
 *
 * @throws ENOTDIR, ENOENT
 */
export function withinRoots<T>(fs: ReadFileSystem, roots: Roots, path: string, act: () => T): T {
  return fs.within(trustedRoot(roots.home, roots.instance), dirname(path), act);
}
