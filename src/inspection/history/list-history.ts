import { readRecord } from '../../instance/record-file.ts';
import type { InstallContext } from '../../engine/context.ts';
import { operationsOf } from '../../engine/trail/history.ts';
import { headOf, readLedger, requireOperation } from '../../engine/trail/ledger.ts';
import { newestEvidence } from '../../engine/trail/newest-evidence.ts';
import { findJournals } from '../../engine/journal/journal.ts';
import { withSession } from '../../engine/session.ts';
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
  /** `v1.0.0 -> v1.1.0`, or what was rolled back. */
  readonly summary: string;
  readonly undoneBy: OperationRef | null;
  readonly undo: string | null;
}

export interface HistoryRun {
  readonly home: string;
  /** SHA-256 of the last line of the ledger; null where nothing was done yet. */
  readonly head: string | null;
  /** Newest first. */
  readonly operations: readonly OperationSummary[];
}

/**
 * Every operation of a home, newest first. Reads only, unless an interrupted operation has to be
 * settled first: until then the ledger does not say what is true.
 *
 * @throws InstallError E_LEDGER_DAMAGED, E_HOME_LOCKED
 */
export async function listHistory(context: InstallContext): Promise<HistoryRun> {
  const { fs, layout } = context;
  // Looked at before the ledger, which an operation that ends meanwhile has written to by then.
  const evidence = newestEvidence(fs, layout, new Set());
  if (findJournals(fs, layout).journals.length > 0) {
    await withSession(context, () => Promise.resolve());
  }
  const ledger = readLedger(fs, layout.ledger);
  if (evidence !== undefined) requireOperation(ledger, layout.ledger, evidence);
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
  return { home: layout.home, head: headOf(ledger), operations };
}
