import { readFormat, refuseStrangeState } from '../../instance/format.ts';
import { readRecord } from '../../instance/record-file.ts';
import type { InspectionContext } from '../context.ts';
import { operationsOf } from '../../engine/trail/history.ts';
import { headOf, requireOperation } from '../../engine/trail/ledger.ts';
import { readTrustedLedger } from '../../engine/trail/trusted-ledger.ts';
import {
  pendingOperations,
  type PendingOperation,
} from '../../engine/journal/pending-operations.ts';
import { installedIds } from '../../engine/trail/installed.ts';
import type { OperationRef } from '../../core/operation-ref.ts';

/** One line of the history of a home. */
export interface OperationSummary {
  readonly ref: OperationRef;
  readonly runId: string;
  readonly id: string;
  readonly operation: 'install' | 'rollback' | 'register';
  readonly outcome: 'done' | 'aborted';
  /** UTC, ISO 8601. */
  readonly at: string;
  /** `v1.0.0 -> v1.1.0`, or the operation that was rolled back. */
  readonly summary: string;
  readonly undoneBy: OperationRef | null;
  readonly undo: string | null;
}

export interface HistoryRun {
  readonly home: string;
  /** SHA-256 of the last line of the ledger; null if nothing was done yet. */
  readonly head: string | null;
  /** Newest first. */
  readonly operations: readonly OperationSummary[];
  /** Interrupted and not in the list yet: the next command that writes recovers them first. */
  readonly pending: readonly PendingOperation[];
}

/**
 * Every operation of a home, newest first. Reads only: an interrupted operation is reported, and
 * stays as it is.
 *
 * @throws InstallError E_LAYOUT_NEWER, E_FORMAT_DAMAGED, E_HOME_UNSAFE, E_HOME_FOREIGN,
 *   E_LEDGER_DAMAGED, E_EVIDENCE_DAMAGED, E_JOURNAL_DAMAGED
 */
export function listHistory(
  context: Pick<InspectionContext, 'fs' | 'layout' | 'environment' | 'undoCommand'>,
): HistoryRun {
  const { fs, layout, environment } = context;
  refuseStrangeState(fs, layout, environment.uid);
  readFormat(fs, layout);
  // Read before the ledger: an operation that ends in between is then in the ledger.
  const pending = pendingOperations(fs, layout);
  const ledger = readTrustedLedger(
    fs,
    layout,
    pending.map(({ ref }) => ref),
  );
  const [installed] = ledger.entries.length === 0 ? installedIds(context) : [];
  if (installed !== undefined) {
    const record = readRecord(fs, layout.recordFile(installed));
    if (record !== undefined) requireOperation(ledger, layout.ledger, record.operation);
  }
  const operations = operationsOf(ledger.entries)
    .map((operation) => ({
      ref: operation.ref,
      runId: operation.run_id,
      id: operation.identity_id,
      operation: operation.operation,
      outcome: operation.outcome,
      at: operation.at,
      summary: operation.summary,
      undoneBy: operation.undoneBy,
      undo:
        operation.outcome === 'done' && operation.undoneBy === null
          ? context.undoCommand(operation.ref)
          : null,
    }))
    .reverse();
  return { home: layout.home, head: headOf(ledger), operations, pending };
}
