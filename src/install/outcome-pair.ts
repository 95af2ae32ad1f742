import { sameState } from '../core/entry.ts';
import type { FileAction } from './plan.ts';

/** The worst relation between what was there and the release (PROTOCOL.md §5). */
export interface WorstRelation {
  readonly added: boolean;
  /** Existing bytes changed or removed. */
  readonly overwrote: boolean;
  /** Something of the user's differs from the release and was kept. */
  readonly keptDiffering: boolean;
}

export function worstRelation(actions: readonly FileAction[]): WorstRelation {
  return {
    added: actions.some((action) => action.kind === 'add'),
    overwrote: actions.some((action) => action.kind !== 'add' && action.kind !== 'keep'),
    keptDiffering: actions.some(
      (action) =>
        action.kind === 'keep' &&
        action.incoming.kind === 'file' &&
        !sameState(action.local, action.incoming),
    ),
  };
}

/** The only pairs that the protocol's checkers accept (PROTOCOL.md §5). */
export type OutcomePair =
  | { readonly conflict_type: 'fresh_install'; readonly action: 'guarded_apply' }
  | { readonly conflict_type: 'same_signature'; readonly action: 'no_op_with_report' }
  | { readonly conflict_type: 'compatible_upgrade'; readonly action: 'abort_and_explain' }
  | { readonly conflict_type: 'destructive_replace'; readonly action: 'guarded_apply' };

export function pairOf(worst: WorstRelation): OutcomePair {
  if (worst.overwrote) return { conflict_type: 'destructive_replace', action: 'guarded_apply' };
  if (worst.keptDiffering) {
    return { conflict_type: 'compatible_upgrade', action: 'abort_and_explain' };
  }
  if (worst.added) return { conflict_type: 'fresh_install', action: 'guarded_apply' };
  return { conflict_type: 'same_signature', action: 'no_op_with_report' };
}
