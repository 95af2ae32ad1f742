import type { FileAction, KeepAction, Mode } from '../../planning/plan.ts';

/** The actions of a plan, sorted by how much a reader must know of them. */
export interface PlanGroups {
  /** Both sides cannot be had; someone has to decide. */
  readonly conflicts: readonly KeepAction[];
  /** Bytes change, appear or go. */
  readonly changes: readonly Exclude<FileAction, KeepAction>[];
  /** Left as they are although the release says something else. */
  readonly different: readonly KeepAction[];
  /** Files that the release knows nothing of. */
  readonly yours: readonly KeepAction[];
  readonly unchanged: readonly KeepAction[];
}

export function groupActions(actions: readonly FileAction[], mode: Mode): PlanGroups {
  const changes: Exclude<FileAction, KeepAction>[] = [];
  const kept: Record<Exclude<keyof PlanGroups, 'changes'>, KeepAction[]> = {
    conflicts: [],
    different: [],
    yours: [],
    unchanged: [],
  };
  for (const action of actions) {
    if (action.kind === 'keep') kept[groupOf(action, mode)].push(action);
    else changes.push(action);
  }
  return { ...kept, changes };
}

function groupOf(action: KeepAction, mode: Mode): Exclude<keyof PlanGroups, 'changes'> {
  switch (action.reason) {
    case 'conflict':
      return 'conflicts';
    case 'no-base':
      // Merge was asked to bring the two together and cannot without a base.
      return mode === 'merge' ? 'conflicts' : 'different';
    case 'local-only':
      return action.incoming.kind === 'absent' ? 'yours' : 'different';
    case 'unchanged':
      return 'unchanged';
    case 'modified-locally':
    case 'deleted-locally':
    case 'upgrade-available':
    case 'removed-upstream':
    case 'state':
      return 'different';
  }
}
