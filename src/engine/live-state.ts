import { dirname, join } from 'node:path';
import { sha256OfChunks } from '../core/digest.ts';
import { trustedRoot } from '../instance/locate.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { samePathState, type Change, type PathState } from './change.ts';

/** A link or special file, which no change expects and no change touches. */
export type LiveState = PathState | { readonly kind: 'foreign' };

/** The current state of an absolute path: content is read and hashed, links are not followed. */
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

/** The directories that changes are relative to. */
export interface Roots {
  readonly home: string;
  readonly instance: string;
}

export function livePath(roots: Roots, change: Pick<Change, 'root' | 'path'>): string {
  return join(change.root === 'home' ? roots.home : roots.instance, change.path);
}

/**
 * Runs `act` while nothing that is swapped above a path in the instance or the home, such as a link
 * in the place of a directory, can redirect it elsewhere (`FileSystem.inDirectory`).
 *
 * @throws ENOTDIR, ENOENT
 */
export function withinRoots<T>(fs: ReadFileSystem, roots: Roots, path: string, act: () => T): T {
  return fs.inDirectory(trustedRoot(roots.home, roots.instance), dirname(path), act);
}
