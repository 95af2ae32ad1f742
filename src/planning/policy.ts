import type { FileAction, KeepAction, KeepReason, Mode, Plan } from './plan.ts';

/** What the reader of a plan has to know about a file that it keeps. */
export type KeptFor =
  /** The two sides cannot be combined; someone has to decide. */
  | 'conflict'
  /** It stays as it is although the release says something else. */
  | 'difference'
  /** The release knows nothing of it. */
  | 'yours'
  /** It equals the release. */
  | 'nothing';

export type ChangeAction = Exclude<FileAction, KeepAction>;

/**
 * Why a plan keeps a file. A file without a base is a conflict only for `merge`, which should
 * combine the two sides and cannot; `preserve` does what it promises.
 *
 * Every surface uses this function, so that the same plan has the same conflicts everywhere.
 */
export function keptFor({ reason, incoming }: KeepAction, mode: Mode): KeptFor {
  switch (reason) {
    case 'conflict':
      return 'conflict';
    case 'no-base':
      return mode === 'merge' ? 'conflict' : 'difference';
    case 'local-only':
      return incoming.kind === 'absent' ? 'yours' : 'difference';
    case 'unchanged':
      return 'nothing';
    case 'modified-locally':
    case 'deleted-locally':
    case 'upgrade-available':
    case 'removed-upstream':
    case 'state':
      return 'difference';
  }
}

/** The files whose two sides cannot be combined, in the order of the plan. */
export function conflictsOf({ actions, mode }: Pick<Plan, 'actions' | 'mode'>): KeepAction[] {
  return actions.filter(
    (action): action is KeepAction =>
      action.kind === 'keep' && keptFor(action, mode) === 'conflict',
  );
}

/** The files that are changed, added or removed, in the order of the plan. */
export function changesOf({ actions }: Pick<Plan, 'actions'>): ChangeAction[] {
  return actions.filter((action): action is ChangeAction => action.kind !== 'keep');
}

/** Whether carrying a plan out would change a file of the instance or the local catalog. */
export function wouldChange(plan: Pick<Plan, 'actions' | 'catalog'>): boolean {
  return plan.catalog.length > 0 || plan.actions.some(({ kind }) => kind !== 'keep');
}

/** How many files a plan keeps for each reason. */
export function keptByReason({ actions }: Pick<Plan, 'actions'>): ReadonlyMap<KeepReason, number> {
  const kept = new Map<KeepReason, number>();
  for (const action of actions) {
    if (action.kind === 'keep') kept.set(action.reason, (kept.get(action.reason) ?? 0) + 1);
  }
  return kept;
}
