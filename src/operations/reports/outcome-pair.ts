import { sameState } from '../../core/entry.ts';
import { reportOutcome, type ReportOutcome } from '../../protocol/install-report.ts';
import type { FileAction } from '../../planning/plan.ts';

/**
 * The protocol's terms for the outcome of a plan, by its worst file
 * (docs/protocol.md#install-reports).
 */
export function reportOutcomeOf(actions: readonly FileAction[]): ReportOutcome {
  const counts = { added: 0, changedOrRemoved: 0, keptDiffering: 0 };
  for (const action of actions) {
    if (action.kind === 'add') counts.added += 1;
    else if (action.kind !== 'keep') counts.changedOrRemoved += 1;
    else if (action.incoming.kind === 'file' && !sameState(action.local, action.incoming)) {
      counts.keptDiffering += 1;
    }
  }
  return reportOutcome(counts);
}

/** The outcome in the terms of the evidence. */
export function pairOf({ conflictType, action }: ReportOutcome): {
  readonly conflict_type: string;
  readonly action: string;
} {
  return { conflict_type: conflictType, action };
}
