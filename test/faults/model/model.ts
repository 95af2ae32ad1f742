/**
 * What a home must look like after any sequence of installs, rollbacks and edits: the rules of
 * docs/architecture.md (modes, classes, obstacles) and docs/apply-and-rollback.md (what a rollback
 * inverts), said once more over plain maps. Nothing here may come from `src/planning` or
 * `src/operations`.
 */
import {
  above,
  directory,
  inside,
  isBelow,
  obstacleOn,
  sameNode,
  withNode,
  without,
  type FileNode,
  type Node,
  type Tree,
} from './tree.ts';

export type Release = ReadonlyMap<string, FileNode>;

export interface Installed {
  /** Position in the list of releases; a later one is newer. */
  readonly release: number;
  /** Per file what we last wrote there, or found equal to a release. */
  readonly bases: ReadonlyMap<string, FileNode>;
}

const nothing: ReadonlyMap<string, FileNode> = new Map();

export const ids = ['one', 'two'] as const;
export type Id = (typeof ids)[number];

export interface Identity {
  readonly tree: Tree;
  readonly record: Installed | null;
}

export interface InstallOptions {
  readonly mode: 'preserve' | 'merge' | 'replace';
  readonly prune: boolean;
  readonly includeState: boolean;
  readonly restoreDeleted: boolean;
  /** Paths that `--keep` makes the user's own. */
  readonly keep: readonly string[];
}

const statePaths = ['TASK_HISTORY.md', 'RULEBOOK.jsonl'];
const stateDirectories = ['logs', 'rulebooks', 'metrics', 'reports'].map(
  (name) => `runtime/${name}`,
);

function classOf(path: string, { keep }: InstallOptions): 'shipped' | 'state' | 'local' {
  if (keep.includes(path)) return 'local';
  const ofAgents = stateDirectories.some((name) => isBelow(path, name));
  return ofAgents || statePaths.includes(path) ? 'state' : 'shipped';
}

/** An identity after an install. */
export function install(
  { tree, record }: Identity,
  { files, position }: { readonly files: Release; readonly position: number },
  options: InstallOptions,
): Identity {
  // An instance that is gone is installed afresh, whatever the record says.
  const bases = tree.has('') ? (record?.bases ?? nothing) : nothing;
  const untouched = (path: string) => bases.has(path) && sameNode(tree.get(path), bases.get(path));
  const stale = (path: string) =>
    untouched(path) && !files.has(path) && classOf(path, options) === 'shipped';

  const inTheWay = (path: string): string[] => {
    const obstacle = obstacleOn(tree, path);
    if (obstacle !== undefined) return [obstacle];
    return tree.get(path)?.kind === 'directory' ? [path, ...inside(tree, path)] : [];
  };
  const mayClear = (path: string): boolean => {
    if (options.mode !== 'replace' || classOf(path, options) !== 'shipped') return false;
    return inTheWay(path).every((one) =>
      tree.get(one)?.kind === 'directory' ? inside(tree, one).some(stale) : stale(one),
    );
  };
  const obstructed = [...files.keys()].filter(
    (path) => inTheWay(path).length > 0 || tree.get(path)?.kind === 'link',
  );
  // What stands in the way of several files goes for all of them or stays for all of them.
  const stuck = new Set(
    obstructed
      .filter((path) => tree.get(path)?.kind === 'link' || !mayClear(path))
      .flatMap((path) => [path, ...inTheWay(path)]),
  );
  const conflicts = new Set(
    obstructed.filter((path) => stuck.has(path) || inTheWay(path).some((one) => stuck.has(one))),
  );

  const comesIn = (path: string, incoming: FileNode): boolean => {
    if (conflicts.has(path)) return false;
    if (obstructed.includes(path)) return true;
    const whose = classOf(path, options);
    const overrides =
      options.mode === 'replace' &&
      (whose === 'shipped' || (whose === 'state' && options.includeState));
    const local = tree.get(path);
    if (local === undefined) return !bases.has(path) || options.restoreDeleted || overrides;
    if (sameNode(local, incoming) || whose === 'local') return false;
    return overrides || (options.mode === 'merge' && untouched(path));
  };
  const incoming = [...files].filter(([path, node]) => comesIn(path, node));
  const cleared = new Set(incoming.flatMap(([path]) => inTheWay(path)));
  const drops = options.mode === 'merge' || (options.mode === 'replace' && options.prune);
  const outgoing = [...tree.keys()].filter(
    (path) => stale(path) && (cleared.has(path) || (drops && !stuck.has(path))),
  );

  let next: Tree = withoutFiles(tree, outgoing);
  for (const [path, node] of incoming) next = withNode(next, path, node);
  const nextBases = new Map<string, FileNode>();
  for (const path of new Set([...bases.keys(), ...files.keys()])) {
    const shipped = files.get(path);
    if (shipped !== undefined && sameNode(next.get(path), shipped)) nextBases.set(path, shipped);
    else if (shipped !== undefined || isNoDirectory(next.get(path)))
      keepBase(nextBases, bases, path);
  }
  return { tree: next, record: { release: position, bases: nextBases } };
}

function isNoDirectory(node: Node | undefined): boolean {
  return node !== undefined && node.kind !== 'directory';
}

function keepBase(
  into: Map<string, FileNode>,
  from: ReadonlyMap<string, FileNode>,
  path: string,
): void {
  const base = from.get(path);
  if (base === undefined) into.delete(path);
  else into.set(path, base);
}

/** Files taken out, and the directories that this leaves empty; never the instance itself. */
function withoutFiles(tree: Tree, paths: readonly string[]): Tree {
  let next = new Map(tree);
  for (const path of paths) next.delete(path);
  const emptied = [...new Set(paths.flatMap(above))].filter((path) => path !== '');
  for (const path of emptied.sort().reverse()) {
    if (next.get(path)?.kind === 'directory' && inside(next, path).length === 0) {
      next = without(next, path);
    }
  }
  return next;
}

/** One operation as the ledger has it. */
export interface Operation {
  readonly id: Id;
  readonly run: number;
  readonly before: Identity;
  readonly after: Identity;
  /** The operation, by position, that this one undid whole. */
  readonly undoes: number | null;
}

/** Paths where an operation made a difference. */
export function changedPaths({ before, after }: Operation, chosen: readonly string[]): string[] {
  const paths = new Set([...before.tree.keys(), ...after.tree.keys()]);
  return [...paths].filter(
    (path) =>
      !sameNode(before.tree.get(path), after.tree.get(path)) &&
      (chosen.length === 0 || chosen.some((one) => path === one || isBelow(path, one))),
  );
}

/**
 * An identity after an operation was taken back: what it added goes unless it was edited since,
 * what it changed or removed comes back, and nothing else is touched.
 */
export function undo(now: Identity, operation: Operation, chosen: readonly string[]): Identity {
  const { before, after } = operation;
  const changed = changedPaths(operation, chosen);
  const had = (path: string, kind: Node['kind']) => before.tree.get(path)?.kind === kind;
  const made = (path: string, kind: Node['kind']) => after.tree.get(path)?.kind === kind;

  const added = changed.filter((path) => !had(path, 'file') && made(path, 'file'));
  const edited = added.filter(
    (path) =>
      now.tree.get(path)?.kind === 'file' && !sameNode(now.tree.get(path), after.tree.get(path)),
  );
  let next = new Map(now.tree);
  for (const path of added) {
    if (sameNode(next.get(path), after.tree.get(path))) next.delete(path);
  }
  const broughtDirectories = changed.filter((path) => made(path, 'directory'));
  for (const path of broughtDirectories.sort().reverse()) {
    if (next.get(path)?.kind === 'directory' && inside(next, path).length === 0) {
      next = without(next, path);
    }
  }
  const cleared: Tree = next;
  const back = (path: string, node: Node) => {
    if (obstacleOn(cleared, path) === undefined) next = withNode(next, path, node);
  };
  for (const path of changed.filter((one) => had(one, 'directory'))) {
    if (!cleared.has(path)) back(path, directory);
  }
  for (const path of changed.filter((one) => had(one, 'file'))) {
    const node = before.tree.get(path);
    const standing = cleared.get(path);
    if (node !== undefined && (standing === undefined || standing.kind === 'file'))
      back(path, node);
  }
  return { tree: next, record: recordAfter(now, operation, { chosen, edited, next, changed }) };
}

interface Undone {
  readonly chosen: readonly string[];
  readonly edited: readonly string[];
  readonly changed: readonly string[];
  readonly next: Tree;
}

function recordAfter(now: Identity, { before }: Operation, undone: Undone): Installed | null {
  const prior = before.record;
  const bases = new Map((undone.chosen.length === 0 ? prior : now.record)?.bases);
  if (undone.chosen.length === 0) {
    if (prior === null) return null;
    for (const path of undone.edited) keepBase(bases, now.record?.bases ?? new Map(), path);
    return { ...prior, bases };
  }
  if (now.record === null) return null;
  for (const path of undone.changed) {
    // Only what this rollback itself moved.
    const moved = !sameNode(now.tree.get(path), undone.next.get(path));
    const isFile = [now.tree, undone.next].some((tree) => tree.get(path)?.kind === 'file');
    if (moved && isFile) keepBase(bases, prior?.bases ?? new Map(), path);
  }
  return { ...now.record, bases };
}

/** Whether the effect of an operation stands: not undone, or its undo undone. */
export function stands(operations: readonly Operation[], position: number): boolean {
  return !operations.some((other, at) => other.undoes === position && stands(operations, at));
}

/**
 * Operations on an identity after a position, newest first, whose effect is still there: pairs of
 * an operation and its undo, both later, cancel out.
 */
export function standingAfter(
  operations: readonly Operation[],
  position: number,
  id: Id | undefined,
): number[] {
  const cancelled = new Set<number>();
  const left: number[] = [];
  for (let at = operations.length - 1; at > position; at -= 1) {
    const operation = operations[at];
    if (operation === undefined || operation.id !== id || cancelled.has(at)) continue;
    if (operation.undoes !== null && operation.undoes > position) cancelled.add(operation.undoes);
    else left.push(at);
  }
  return left;
}
