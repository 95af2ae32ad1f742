import { absent, sameState, type EntryState } from '../core/entry.ts';
import { canonicalJson, sha256 } from '../core/digest.ts';
import type { Finding } from '../core/finding.ts';
import { ownMember } from '../core/own-member.ts';
import { comparePaths, isWithin, parentPaths, type PackPath } from '../core/path.ts';
import type { InstalledRecord } from '../core/record.ts';
import type { Pack, ResolvedRelease } from '../core/release.ts';
import type { FileClass } from '../instance/classes.ts';
import type { CatalogAction, FileAction, Plan } from './plan.ts';
import { decide, type ThreeWayOptions } from './three-way.ts';

/** What is at a path of the instance, with the permission bits that comparison ignores. */
export interface LocalFact {
  readonly state: EntryState;
  readonly mode: number;
}

export interface PlanInput {
  readonly home: string;
  readonly instance: string;
  readonly instanceExists: boolean;
  readonly options: ThreeWayOptions;
  readonly release: ResolvedRelease;
  readonly pack: Pack;
  readonly record: InstalledRecord | null;
  /** Everything in the instance except our own reports. */
  readonly local: ReadonlyMap<PackPath, LocalFact>;
  /** Our own reports in the instance: not part of the plan, but they may be in the way. */
  readonly reports: ReadonlySet<PackPath>;
  readonly classify: (path: PackPath) => FileClass;
  readonly umask: number;
  readonly catalog: readonly CatalogAction[];
}

/** What will be done, before warnings and digest are added. */
export type DraftPlan = Omit<Plan, 'findings' | 'digest'>;

/** Decides every path of one identity. Pure: nothing is read or written. */
export function draftPlan(input: PlanInput): DraftPlan {
  const sides = threeSides(input);
  const clear = clearablePaths(sides);
  const actions: FileAction[] = [];
  for (const [path, side] of sides) {
    const action = decideAction(path, side, sides, clear, input);
    if (action !== undefined) actions.push(action);
  }
  return {
    schema: 'identity-install/plan@1',
    id: input.pack.id,
    mode: input.options.mode,
    home: input.home,
    instance: input.instance,
    instanceExists: input.instanceExists,
    release: input.release,
    packPath: input.pack.packPath,
    installed: input.record?.release ?? null,
    actions: leaveObstacles(clearTheWay(actions, clear, sides)),
    catalog: input.catalog,
  };
}

/** The plan as it is shown and carried out: equal input gives an equal digest. */
export function sealPlan(draft: DraftPlan, findings: readonly Finding[]): Plan {
  const plan = { ...draft, findings };
  return { ...plan, digest: sha256(canonicalJson(plan)) };
}

interface Side {
  readonly base: EntryState;
  readonly local: EntryState;
  readonly incoming: EntryState;
  readonly mode: number;
  readonly class: FileClass;
}

function threeSides(input: PlanInput): ReadonlyMap<PackPath, Side> {
  // A missing instance directory means a fresh install, whatever the record says: removing the
  // directory does not mean that each of its files was deleted on purpose.
  const base = input.instanceExists ? (input.record?.files ?? {}) : {};
  const paths = new Set([
    ...Object.keys(base),
    ...input.local.keys(),
    ...input.pack.entries.keys(),
  ]);
  const sides = new Map<PackPath, Side>();
  for (const path of [...paths].sort(comparePaths)) {
    const recorded = ownMember(base, path);
    const local = input.local.get(path);
    const incoming = input.pack.entries.get(path);
    sides.set(path, {
      base: recorded === undefined ? absent : fileState(recorded),
      local: local?.state ?? absent,
      incoming: incoming === undefined ? absent : fileState(incoming),
      mode: local?.mode ?? 0,
      class: input.classify(path),
    });
  }
  return sides;
}

function fileState(file: { sha256: string; size: number; executable: boolean }): EntryState {
  return { kind: 'file', sha256: file.sha256, size: file.size, executable: file.executable };
}

/**
 * Paths of local files that may be removed to make way: recorded, unchanged, no longer shipped, and
 * not in the way of anything that may not be added; a file makes way for everything below it or for
 * nothing.
 */
function clearablePaths(sides: ReadonlyMap<PackPath, Side>): ReadonlySet<PackPath> {
  const clearable = new Set<PackPath>();
  for (const [path, side] of sides) {
    if (
      side.local.kind === 'file' &&
      side.incoming.kind === 'absent' &&
      side.class === 'shipped' &&
      sameState(side.local, side.base)
    ) {
      clearable.add(path);
    }
  }
  for (const [path, side] of sides) {
    if (side.incoming.kind !== 'file' || side.class === 'shipped') continue;
    for (const parent of parentPaths(path)) clearable.delete(parent);
  }
  return clearable;
}

function decideAction(
  path: PackPath,
  side: Side,
  sides: ReadonlyMap<PackPath, Side>,
  clear: ReadonlySet<PackPath>,
  input: PlanInput,
): FileAction | undefined {
  const { base, local, incoming } = side;
  const { reports } = input;
  const blocker = parentPaths(path).find(
    (parent) => isObstacle(sides.get(parent)?.local) || reports.has(parent),
  );
  // Called only if something is added, because it visits every path.
  const wayIsClear =
    incoming.kind === 'file' &&
    (blocker === undefined
      ? isClearDirectory(path, { sides, clear, reports })
      : clear.has(blocker));
  const decision = decide(
    { ...side, parentBlocked: blocker !== undefined, wayIsClear },
    input.options,
  );
  const facts = { path, class: side.class, base, local, incoming };
  switch (decision.kind) {
    case 'none':
      return undefined;
    case 'keep':
      return { ...facts, ...decision };
    case 'add':
      return { ...facts, kind: 'add', mode: newFileMode(incoming, input.umask) };
    case 'remove':
      return { ...facts, kind: 'remove', modeBefore: side.mode };
    case 'update':
    case 'replace':
      return {
        ...facts,
        kind: decision.kind,
        modeBefore: side.mode,
        mode: followExecutable(side.mode, incoming),
      };
  }
}

function isObstacle(state: EntryState | undefined): boolean {
  return state !== undefined && state.kind !== 'absent' && state.kind !== 'directory';
}

interface Ways {
  readonly sides: ReadonlyMap<PackPath, Side>;
  readonly clear: ReadonlySet<PackPath>;
  readonly reports: ReadonlySet<PackPath>;
}

/**
 * Whether a local directory holds only files that may be removed, and directories that become empty
 * thereby: a directory that is already empty belongs to the user.
 */
function isClearDirectory(path: PackPath, { sides, clear, reports }: Ways): boolean {
  if (sides.get(path)?.local.kind !== 'directory') return false;
  const directories: PackPath[] = [path];
  const emptied = new Set<PackPath>();
  for (const [inner, side] of sides) {
    if (inner === path || !isWithin(inner, path) || side.local.kind === 'absent') continue;
    if (side.local.kind === 'directory') directories.push(inner);
    else if (!clear.has(inner)) return false;
    else for (const parent of parentPaths(inner)) emptied.add(parent);
  }
  const holdsReport = [...reports].some((report) => isWithin(report, path));
  return !holdsReport && directories.every((directory) => emptied.has(directory));
}

/** Turns kept files in the place of an added file or its directory into removals. */
function clearTheWay(
  actions: readonly FileAction[],
  clear: ReadonlySet<PackPath>,
  sides: ReadonlyMap<PackPath, Side>,
): FileAction[] {
  const added = new Set<PackPath>();
  const parents = new Set<PackPath>();
  for (const action of actions) {
    if (action.kind !== 'add') continue;
    added.add(action.path);
    for (const parent of parentPaths(action.path)) parents.add(parent);
  }
  return actions.map((action) => {
    if (action.kind !== 'keep' || !clear.has(action.path)) return action;
    const inTheWay =
      parents.has(action.path) || parentPaths(action.path).some((parent) => added.has(parent));
    if (!inTheWay) return action;
    const { path, base, local, incoming } = action;
    const modeBefore = sides.get(path)?.mode ?? 0;
    return { path, class: action.class, base, local, incoming, kind: 'remove', modeBefore };
  });
}

/** A file in the way of a conflict stays: removing it would gain nothing. */
function leaveObstacles(actions: readonly FileAction[]): FileAction[] {
  const conflicts = actions
    .filter((action) => action.kind === 'keep' && action.reason === 'conflict')
    .map((action) => action.path);
  const parents = new Set(conflicts.flatMap(parentPaths));
  const paths = new Set(conflicts);
  return actions.map((action) => {
    const inTheWay =
      parents.has(action.path) || parentPaths(action.path).some((parent) => paths.has(parent));
    if (action.kind !== 'remove' || !inTheWay) return action;
    const { path, base, local, incoming } = action;
    return {
      path,
      class: action.class,
      base,
      local,
      incoming,
      kind: 'keep',
      reason: 'removed-upstream',
    };
  });
}

/** New files get the mode that the umask allows; only the x-bit comes from the release. */
function newFileMode(incoming: EntryState, umask: number): number {
  const executable = incoming.kind === 'file' && incoming.executable;
  return (executable ? 0o777 : 0o666) & ~umask;
}

/**
 * The local mode stays, except the x-bit, which follows the release
 * (docs/architecture.md#the-three-way-table).
 */
function followExecutable(mode: number, incoming: EntryState): number {
  const executable = incoming.kind === 'file' && incoming.executable;
  if (!executable) return mode & ~0o111;
  return (mode & 0o111) === 0 ? mode | ((mode & 0o444) >> 2) : mode;
}
