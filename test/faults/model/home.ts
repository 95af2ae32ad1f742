/**
 * The model of a whole home: which identities stand how, which operations were done, and what the
 * next command comes to, a refusal included.
 */
import {
  changedPaths,
  install,
  standingAfter,
  stands,
  undo,
  type Id,
  type Identity,
  type InstallOptions,
  type Operation,
  type Release,
} from './model.ts';
import { sameNode, type FileNode, type Tree } from './tree.ts';

/** What every release ships, for each identity. */
export type Releases = readonly Readonly<Record<Id, Release>>[];

export interface Home {
  readonly identities: Readonly<Record<Id, Identity>>;
  /** In the order of the ledger. */
  readonly operations: readonly Operation[];
}

export const emptyHome: Home = {
  identities: { one: { tree: new Map(), record: null }, two: { tree: new Map(), record: null } },
  operations: [],
};

export interface InstallStep extends InstallOptions {
  readonly do: 'install';
  readonly ids: readonly Id[];
  readonly release: number;
  readonly backup: boolean;
  readonly downgrade: boolean;
}

export interface UndoStep {
  readonly do: 'undo';
  /** Which operation, counted back from the newest. */
  readonly back: number;
  readonly by: 'ref' | 'run' | 'last' | 'last of its identity';
  readonly through: boolean;
  readonly path: string | null;
}

/** A command comes to the home after each of its operations, or to a refusal that changes nothing. */
export type Outcome =
  | { readonly kind: 'done'; readonly homes: readonly [Home, ...Home[]] }
  | { readonly kind: 'refused'; readonly code: string };

export function afterInstall(home: Home, step: InstallStep, releases: Releases): Outcome {
  const older = step.ids.some((id) => (home.identities[id].record?.release ?? 0) > step.release);
  if (older && !step.downgrade) return { kind: 'refused', code: 'E_TAG_DOWNGRADE' };
  const homes: [Home, ...Home[]] = [home];
  const run = home.operations.length;
  for (const id of step.ids) {
    const last = homes.at(-1) ?? home;
    const before = last.identities[id];
    const files = releases[step.release]?.[id] ?? new Map<string, FileNode>();
    const after = install(before, { files, position: step.release }, step);
    if (sameIdentity(before, after)) continue;
    homes.push(withOperation(last, { id, run, before, after, undoes: null }));
  }
  return { kind: 'done', homes };
}

export function afterUndo(home: Home, step: UndoStep): Outcome {
  const { operations } = home;
  const named = namedBy(home, step);
  if (named.length === 0) return { kind: 'refused', code: 'E_REF_UNKNOWN' };
  const targets = named.length === 1 ? named : named.filter((at) => stands(operations, at));
  const together = new Set(targets);
  if (targets.length === 0 || targets.some((at) => !stands(operations, at))) {
    return { kind: 'refused', code: 'E_NOTHING_TO_UNDO' };
  }
  for (const target of targets) {
    const later = standingAfter(operations, target, operations[target]?.id);
    const blocking = later.filter((at) => !together.has(at));
    if (blocking.length > 0 && !step.through)
      return { kind: 'refused', code: 'E_ROLLBACK_BLOCKED' };
    for (const at of blocking) together.add(at);
  }
  if (together.size > 1 && step.path !== null) return { kind: 'refused', code: 'E_USAGE' };

  const chosen = step.path === null ? [] : [step.path];
  const untouched = (at: number) => {
    const operation = operations[at];
    return operation !== undefined && changedPaths(operation, chosen).length === 0;
  };
  if (step.path !== null && [...together].some(untouched)) {
    return { kind: 'refused', code: 'E_NOTHING_TO_UNDO' };
  }
  const homes: [Home, ...Home[]] = [home];
  for (const at of [...together].sort((a, b) => b - a)) {
    const last = homes.at(-1) ?? home;
    const operation = operations[at];
    if (operation === undefined) continue;
    const { id } = operation;
    const before = last.identities[id];
    const after = undo(before, operation, chosen);
    const nothingToRecord = chosen.length > 0 || after.record === null;
    if (nothingToRecord && sameIdentity(before, after)) continue;
    const undoes = chosen.length > 0 ? null : at;
    homes.push(withOperation(last, { id, run: operations.length, before, after, undoes }));
  }
  return { kind: 'done', homes };
}

/** The operation that a step means, by position; undefined in a home where nothing was done. */
export function targetOf({ operations }: Home, { back }: UndoStep): number | undefined {
  return operations.length === 0 ? undefined : operations.length - 1 - (back % operations.length);
}

/** Positions of the operations that the step names, newest first. */
function namedBy(home: Home, step: UndoStep): number[] {
  const { operations } = home;
  const target = targetOf(home, step);
  if (target === undefined) return [];
  switch (step.by) {
    case 'ref':
      return [target];
    case 'last':
      return [operations.length - 1];
    case 'last of its identity':
      return [operations.findLastIndex(({ id }) => id === operations[target]?.id)];
    case 'run':
      return [...operations.keys()]
        .filter((at) => operations[at]?.run === operations[target]?.run)
        .reverse();
  }
}

function withOperation(home: Home, operation: Operation): Home {
  return {
    identities: { ...home.identities, [operation.id]: operation.after },
    operations: [...home.operations, operation],
  };
}

export function withTree(home: Home, id: Id, tree: Tree): Home {
  const { record } = home.identities[id];
  return { ...home, identities: { ...home.identities, [id]: { tree, record } } };
}

function sameIdentity(left: Identity, right: Identity): boolean {
  return (
    left.record?.release === right.record?.release &&
    sameMap(left.tree, right.tree) &&
    sameMap(left.record?.bases ?? new Map(), right.record?.bases ?? new Map())
  );
}

function sameMap(left: Tree, right: Tree): boolean {
  return (
    left.size === right.size && [...left].every(([path, node]) => sameNode(node, right.get(path)))
  );
}
