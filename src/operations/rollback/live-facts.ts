import { parentPaths, type PackPath } from '../../core/path.ts';
import type { Change } from '../../engine/change.ts';
import { livePath, liveState, type LiveState, type Roots } from '../../engine/live-state.ts';
import type { Evidence } from '../../engine/trail/evidence.ts';
import { namesInInstance } from '../../instance/scan.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';

/**
 * The current state of every path on which an undo may act, read once; the plan uses nothing else.
 */
export interface LiveFacts {
  /** By absolute path. A path that is missing here was not read. */
  readonly states: ReadonlyMap<string, LiveState>;
  /** Names in the directories that the operation created, by their path in the instance. */
  readonly names: ReadonlyMap<PackPath, readonly string[]>;
}

/**
 * Reads the state of every path that the operation or our reports touched, and of their parents.
 *
 * @param reports paths of our own reports in the instance
 * @throws the operating system's own errors
 */
export function readLiveFacts(
  fs: ReadFileSystem,
  roots: Roots,
  { changes }: Evidence,
  reports: readonly PackPath[],
): LiveFacts {
  const states = new Map<string, LiveState>();
  const names = new Map<PackPath, readonly string[]>();
  const look = (change: Pick<Change, 'root' | 'path'>) => {
    const live = livePath(roots, change);
    if (!states.has(live)) states.set(live, liveState(fs, live));
    return states.get(live);
  };
  look({ root: 'home', path: '' });
  for (const change of [
    ...changes,
    ...reports.map((path) => ({ root: 'instance', path }) as const),
  ]) {
    // Parents first: nothing is read behind a link in the place of a directory.
    const ways = ['', ...parentPaths(change.path), change.path].sort(byLength);
    for (const path of change.root === 'home' ? [change.path] : ways) {
      const state = look({ root: change.root, path });
      if (state?.kind !== 'directory' && path !== change.path) break;
    }
  }
  for (const path of broughtDirectories(changes, reports)) {
    if (states.get(livePath(roots, { root: 'instance', path }))?.kind !== 'directory') continue;
    names.set(path, namesInInstance(fs, roots.instance, path));
  }
  return { states, names };
}

/** Directories of the instance that the operation created, or that our reports needed. */
export function broughtDirectories(
  changes: readonly Change[],
  reports: readonly PackPath[],
): ReadonlySet<PackPath> {
  const brought = new Set<PackPath>(reports.flatMap((path) => parentPaths(path)));
  for (const { root, path, after } of changes) {
    if (root === 'instance' && after.kind === 'directory') brought.add(path);
  }
  return brought;
}

/** What is at a path; absent if it lies behind something that is not a directory. */
export function stateIn(
  { states }: LiveFacts,
  roots: Roots,
  change: Pick<Change, 'root' | 'path'>,
): LiveState {
  return states.get(livePath(roots, change)) ?? { kind: 'absent' };
}

/** The first path between the root and a change that is a link or not a directory, or undefined. */
export function strayIn(
  facts: LiveFacts,
  roots: Roots,
  { root, path }: Pick<Change, 'root' | 'path'>,
): string | undefined {
  const above = path === '' ? [] : ['', ...parentPaths(path)];
  const stray = above.find((at) => {
    const { kind } = stateIn(facts, roots, { root, path: at });
    return kind !== 'absent' && kind !== 'directory';
  });
  return stray === undefined ? undefined : livePath(roots, { root, path: stray });
}

function byLength(left: string, right: string): number {
  return left.length - right.length;
}
