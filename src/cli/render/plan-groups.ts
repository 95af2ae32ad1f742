import type { FileAction, KeepAction, Mode } from '../../planning/plan.ts';
import { changesOf, keptFor, type ChangeAction, type KeptFor } from '../../planning/policy.ts';

/** The actions of a plan, sorted by how much a reader must know of them. */
export interface PlanGroups {
  /** Both sides cannot be had; someone has to decide. */
  readonly conflicts: readonly KeepAction[];
  /** Bytes change, appear or go. */
  readonly changes: readonly ChangeAction[];
  /** Left as they are although the release says something else. */
  readonly different: readonly KeepAction[];
  /** Files that the release knows nothing of. */
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
