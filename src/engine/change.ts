import { isPlainPath } from '../core/plain-path.ts';
import { comparePaths, parentPaths, type PackPath } from '../core/path.ts';

/** The state of one path, as exactly as an undo must restore it. */
export type PathState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file';
      readonly sha256: string;
      /** Bytes. */
      readonly size: number;
      /** Permission bits. */
      readonly mode: number;
    }
  | { readonly kind: 'directory'; readonly mode: number };

export type FilePathState = Extract<PathState, { kind: 'file' }>;

export const nothing: PathState = { kind: 'absent' };

/**
 * One step of a transaction: the required state of a path before, and its state after. Both
 * installs and rollbacks are lists of these, so there is one engine and one inverse.
 */
export interface Change {
  /** `home` only for the local catalog. */
  readonly root: 'instance' | 'home';
  /** Relative to the root; empty for the instance directory itself. */
  readonly path: PackPath;
  readonly before: PathState;
  readonly after: PathState;
}

export function samePathState(left: PathState, right: PathState): boolean {
  if (left.kind === 'file' && right.kind === 'file') {
    return left.sha256 === right.sha256 && left.mode === right.mode;
  }
  return left.kind === right.kind;
}

/**
 * The changes in an order that can be carried out: files out, emptied directories out (deepest
 * first), directories in (shallowest first), files in. The catalog comes last, so that it never
 * names files that do not exist yet.
 */
export function orderChanges(changes: readonly Change[]): Change[] {
  return [...changes].sort((left, right) => {
    const phase = phaseOf(left) - phaseOf(right);
    if (phase !== 0) return phase;
    const byPath = comparePaths(left.path, right.path);
    return left.after.kind === 'absent' ? -byPath : byPath;
  });
}

function phaseOf(change: Change): number {
  if (change.root === 'home') return 4;
  if (change.after.kind === 'absent') return change.before.kind === 'directory' ? 1 : 0;
  return change.after.kind === 'directory' ? 2 : 3;
}

/**
 * The state of the instance that decides which directories are created and removed with the files.
 */
export interface DirectoryFacts {
  readonly instanceExists: boolean;
  /** Every directory of the instance, with its permission bits. */
  readonly directories: ReadonlyMap<PackPath, number>;
  /** Every path of the instance that is not a directory. */
  readonly occupied: ReadonlySet<PackPath>;
  /** Permission bits of a new directory. */
  readonly newMode: number;
}

/**
 * The directories that file changes need or leave empty. A directory is removed only if these
 * changes remove everything in it; one that was already empty belongs to the user and stays.
 */
export function directoryChanges(files: readonly Change[], facts: DirectoryFacts): Change[] {
  const inInstance = files.filter((change) => change.root === 'instance');
  const removed = new Set(pathsWhere(inInstance, (change) => change.after.kind === 'absent'));
  const created = pathsWhere(inInstance, (change) => change.after.kind === 'file');

  const goes = emptiedDirectories(removed, facts);
  const needed = new Set(created.flatMap(parentPaths));
  const changes: Change[] = [...goes]
    .filter((path) => !needed.has(path))
    .map((path) => ({
      root: 'instance',
      path,
      before: { kind: 'directory', mode: facts.directories.get(path) ?? facts.newMode },
      after: nothing,
    }));
  const comes = [...needed].filter((path) => !facts.directories.has(path));
  if (!facts.instanceExists && created.length > 0) comes.push('');
  for (const path of comes) {
    const after = { kind: 'directory', mode: facts.newMode } as const;
    changes.push({ root: 'instance', path, before: nothing, after });
  }
  return changes;
}

function pathsWhere(changes: readonly Change[], test: (change: Change) => boolean): PackPath[] {
  return changes.filter(test).map((change) => change.path);
}

function emptiedDirectories(
  removed: ReadonlySet<PackPath>,
  facts: DirectoryFacts,
): ReadonlySet<PackPath> {
  const candidates = new Set([...removed].flatMap(parentPaths));
  const stays = new Set<PackPath>();
  for (const path of facts.occupied) {
    if (!removed.has(path)) for (const parent of parentPaths(path)) stays.add(parent);
  }
  for (const path of facts.directories.keys()) {
    if (!candidates.has(path)) for (const parent of parentPaths(path)) stays.add(parent);
  }
  return new Set([...candidates].filter((path) => !stays.has(path)));
}

/**
 * Whether a value that was read from the disk is a valid change, in a place where changes may be: a
 * plain path below the instance, the instance itself, or the local catalog.
 */
export function staysInPlace(change: unknown): change is Change {
  const { root, path, before, after } = (change ?? {}) as Partial<Record<keyof Change, unknown>>;
  if (typeof path !== 'string' || !isPathState(before) || !isPathState(after)) return false;
  if (root === 'home') return path === 'catalog.local.yaml';
  return root === 'instance' && (path === '' || isPlainPath(path));
}

function isPathState(value: unknown): value is PathState {
  const { kind, mode, size, sha256 } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'absent') return true;
  if (typeof mode !== 'number') return false;
  if (kind === 'directory') return true;
  return kind === 'file' && typeof size === 'number' && typeof sha256 === 'string';
}
