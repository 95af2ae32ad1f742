import type { FileAction, KeepAction, Mode } from '../../planning/plan.ts';
import { changesOf, keptFor, type ChangeAction, type KeptFor } from '../../planning/policy.ts';

/** The actions of a plan, sorted by their importance for a reader. */
export interface PlanGroups {
  /** The two sides cannot be combined; someone has to decide. */
  readonly conflicts: readonly KeepAction[];
  /** Files that are changed, added or removed. */
  readonly changes: readonly ChangeAction[];
  /** Kept although the release differs. */
  readonly different: readonly KeepAction[];
  /** Files that the release does not have. */
  readonly yours: readonly KeepAction[];
  readonly unchanged: readonly KeepAction[];
}

export function groupActions(actions: readonly FileAction[], mode: Mode): PlanGroups {
  const kept: Record<KeptFor, KeepAction[]> = {
    conflict: [],
    difference: [],
    yours: [],
    nothing: [],
  };
  for (const action of actions) {
    if (action.kind === 'keep') kept[keptFor(action, mode)].push(action);
  }
  return {
    conflicts: kept.conflict,
    changes: changesOf({ actions }),
    different: kept.difference,
    yours: kept.yours,
    unchanged: kept.nothing,
  };
}
