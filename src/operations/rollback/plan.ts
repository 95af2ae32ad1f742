import { canonicalJson, sha256 } from '../../core/digest.ts';
import { ownMember } from '../../core/own-member.ts';
import { comparePaths, isWithin, parentPaths, type PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import {
  nothing,
  orderChanges,
  samePathState,
  type Change,
  type PathState,
} from '../../engine/change.ts';
import type { Evidence } from '../../engine/trail/evidence.ts';
import { isState, livePath, type Roots } from '../../engine/live-state.ts';
import { broughtDirectories, stateIn, strayIn, type LiveFacts } from './live-facts.ts';
import type { OperationRef } from '../../core/operation-ref.ts';

/** One file of a rollback. */
export interface RollbackAction {
  readonly root: 'instance' | 'home';
  readonly path: PackPath;
  readonly kind: 'restore' | 'remove' | 'keep';
  /** Why it is kept (edited since, missing since, or already as before), or that it is restored. */
  readonly reason?: 'edited-since' | 'deleted-since' | 'already-so' | 'in-the-way';
  /** Whether the file was edited after the operation; its bytes are in the snapshot. */
  readonly edited: boolean;
  readonly size: number;
}

export interface RollbackPlan {
  readonly schema: 'identity-install/rollback-plan@1';
  readonly id: string;
  readonly home: string;
  readonly instance: string;
  /** The operation that is undone. */
  readonly undoes: OperationRef;
  readonly actions: readonly RollbackAction[];
  readonly digest: string;
}

export interface RollbackInput {
  readonly facts: LiveFacts;
  readonly roots: Roots;
  /** Evidence of the operation that is undone. */
  readonly evidence: Evidence;
  readonly record: InstalledRecord | null;
  /** Only these paths; empty for everything. */
  readonly paths: readonly PackPath[];
  /** Permission bits of directories that have to be created again. */
  readonly directoryMode: number;
}

export interface PlannedRollback {
  readonly plan: RollbackPlan;
  /** In the order of execution. */
  readonly changes: readonly Change[];
  readonly recordAfter: InstalledRecord | null;
}

/**
 * Inverts an operation: what it replaced or removed is restored, even if it was edited since (the
 * edit is in the rollback's own snapshot), and what it added is removed unless it was edited since.
 * Nothing else is touched. Pure: nothing is read or written.
 */
export function planRollback(input: RollbackInput): PlannedRollback {
  const { evidence, roots } = input;
  const applied = evidence.changes.filter((change) => isChosen(change, input.paths));
  const ofFiles = applied.filter(
    (change) => change.before.kind !== 'directory' && change.after.kind !== 'directory',
  );
  // Removals are decided first: they may make way for restored files, a file for a directory or the
  // reverse.
  const nowhere: ReadonlySet<string> = new Set();
  const out = [
    ...ofFiles
      .filter((change) => change.before.kind === 'absent')
      .map((change) => decideFile(input, change, nowhere)),
    ...ownReports(input, applied),
  ];
  const directoriesOut = removedDirectories(input, applied, changesOf(out));
  const going = new Set(
    [...changesOf(out), ...directoriesOut].map((change) => livePath(roots, change)),
  );
  const back = ofFiles
    .filter((change) => change.before.kind !== 'absent')
    .map((change) => decideFile(input, change, going));
  const changes = orderChanges([
    ...changesOf(out),
    ...changesOf(back),
    ...directoriesOut,
    ...restoredDirectories(input, applied, changesOf(back), going),
  ]);
  const files = [...out, ...back];
  const actions = files.map(({ action }) => action).sort((a, b) => comparePaths(a.path, b.path));
  const plan = {
    schema: 'identity-install/rollback-plan@1',
    id: evidence.identity_id,
    home: roots.home,
    instance: roots.instance,
    undoes: evidence.ref,
    actions,
  } as const;
  return {
    plan: { ...plan, digest: sha256(canonicalJson({ plan, changes })) },
    changes,
    recordAfter: recordAfterRollback(input, actions),
  };
}

interface DecidedFile {
  readonly action: RollbackAction;
  readonly change: Change | null;
}

function changesOf(files: readonly DecidedFile[]): Change[] {
  return files.flatMap(({ change }) => (change === null ? [] : [change]));
}

function isChosen(change: Change, paths: readonly PackPath[]): boolean {
  return (
    paths.length === 0 ||
    (change.root === 'instance' && paths.some((path) => isWithin(change.path, path)))
  );
}

/** @param going absolute paths that this rollback clears before anything is put back */
function decideFile(input: RollbackInput, done: Change, going: ReadonlySet<string>): DecidedFile {
  const { root, path } = done;
  const target = done.before;
  const size =
    target.kind === 'file' ? target.size : done.after.kind === 'file' ? done.after.size : 0;
  const keep = (reason: NonNullable<RollbackAction['reason']>): DecidedFile => ({
    action: { root, path, kind: 'keep', reason, edited: reason === 'edited-since', size },
    change: null,
  });
  if (isBehindStray(input, done, going)) return keep('in-the-way');
  const live = livePath(input.roots, done);
  const now = going.has(live) ? nothing : stateIn(input.facts, input.roots, done);
  if (isState(now, target)) return keep('already-so');
  if (now.kind === 'foreign' || now.kind === 'directory') return keep('in-the-way');
  const edited = !going.has(live) && !samePathState(now, done.after);
  if (target.kind === 'absent' && edited) return keep('edited-since');
  // Others may have been registered in the local catalog since: it is never restored over them.
  if (root === 'home' && edited) return keep('edited-since');
  const change = { root, path, before: now, after: target };
  if (target.kind === 'absent') {
    return { action: { root, path, kind: 'remove', edited, size }, change };
  }
  const restore = { root, path, kind: 'restore', size } as const;
  return edited && now.kind === 'absent'
    ? { action: { ...restore, reason: 'deleted-since', edited: false }, change }
    : { action: { ...restore, edited }, change };
}

/** Whether a parent of the changed path is not a directory, and stays. */
function isBehindStray(
  { facts, roots }: RollbackInput,
  change: Change,
  going: ReadonlySet<string>,
): boolean {
  const stray = strayIn(facts, roots, change);
  return stray !== undefined && !going.has(stray);
}

/** After the undo of a first install, only the reports that we published later would be left. */
function ownReports(input: RollbackInput, applied: readonly Change[]): DecidedFile[] {
  const { evidence, record, facts, roots } = input;
  if (evidence.record_before !== null || input.paths.length > 0) return [];
  const known = new Set(applied.map((change) => change.path));
  return (record?.reports ?? [])
    .filter((path) => !known.has(path))
    .flatMap((path): DecidedFile[] => {
      const now = stateIn(facts, roots, { root: 'instance', path });
      if (now.kind !== 'file') return [];
      const change = { root: 'instance', path, before: now, after: nothing } as const;
      const action = {
        root: 'instance',
        path,
        kind: 'remove',
        edited: false,
        size: now.size,
      } as const;
      return [{ action, change }];
    });
}

/** Directories that the operation or our reports created, if nothing else is left in them. */
function removedDirectories(
  input: RollbackInput,
  applied: readonly Change[],
  files: readonly Change[],
): Change[] {
  const { facts, roots, evidence, record } = input;
  const isFirstInstall = evidence.record_before === null && input.paths.length === 0;
  const brought = broughtDirectories(applied, isFirstInstall ? (record?.reports ?? []) : []);
  const goes = new Set(
    files.flatMap((change) => (change.after.kind === 'absent' ? [change.path] : [])),
  );
  const changes: Change[] = [];
  for (const path of [...brought].sort(comparePaths).reverse()) {
    const now = stateIn(facts, roots, { root: 'instance', path });
    if (now.kind !== 'directory') continue;
    const inside = (facts.names.get(path) ?? []).map((name) =>
      path === '' ? name : `${path}/${name}`,
    );
    if (!inside.every((child) => goes.has(child))) continue;
    goes.add(path);
    changes.push({ root: 'instance', path, before: now, after: nothing });
  }
  return changes;
}

/**
 * Directories that the operation removed or that restored files need, with the mode that they had
 * if the operation removed them.
 */
function restoredDirectories(
  input: RollbackInput,
  applied: readonly Change[],
  files: readonly Change[],
  going: ReadonlySet<string>,
): Change[] {
  const { facts, roots, evidence, directoryMode } = input;
  const modes = new Map<PackPath, number>();
  for (const { path, before } of evidence.changes) {
    if (before.kind === 'directory') modes.set(path, before.mode);
  }
  const wanted = new Set<PackPath>();
  for (const { root, path, before } of applied) {
    if (root === 'instance' && before.kind === 'directory') wanted.add(path);
  }
  const inThem = files.filter(({ root, after }) => root === 'instance' && after.kind === 'file');
  for (const path of [...wanted, ...inThem.map((change) => change.path)]) {
    for (const parent of ['', ...parentPaths(path)]) wanted.add(parent);
  }
  return [...wanted].flatMap((path): Change[] => {
    const after: PathState = { kind: 'directory', mode: modes.get(path) ?? directoryMode };
    const change: Change = { root: 'instance', path, before: nothing, after };
    const live = livePath(roots, change);
    const stands = stateIn(facts, roots, change).kind !== 'absent' && !going.has(live);
    return stands || isBehindStray(input, change, going) ? [] : [change];
  });
}

/** The record is restored with the files; kept files keep their current base. */
function recordAfterRollback(
  input: RollbackInput,
  actions: readonly RollbackAction[],
): InstalledRecord | null {
  const { evidence, record } = input;
  const prior = evidence.record_before;
  const kept = actions.filter((action) => action.reason === 'edited-since');
  const partial = input.paths.length > 0;
  if (prior === null && !partial) return null;
  const start = partial ? record : prior;
  if (start === null) return null;
  const files = new Map(Object.entries(start.files));
  const set = (path: PackPath, from: InstalledRecord | null) => {
    const base = ownMember(from?.files, path);
    if (base === undefined) files.delete(path);
    else files.set(path, base);
  };
  if (partial) {
    for (const action of actions) if (action.kind !== 'keep') set(action.path, prior);
  } else {
    for (const action of kept) set(action.path, record);
  }
  const removed = new Set(
    actions.filter((action) => action.kind === 'remove').map((action) => action.path),
  );
  const reports = new Set([...start.reports, ...(record?.reports ?? [])]);
  return {
    ...start,
    files: Object.fromEntries(files),
    reports: [...reports].filter((path) => !removed.has(path)).sort(comparePaths),
  };
}
