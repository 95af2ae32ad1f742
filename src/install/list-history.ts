import type { InstallContext } from './context.ts';
import { operationsOf } from './history.ts';
import { readLedger } from './ledger.ts';
import { findJournals } from './journal.ts';
import { withSession } from './session.ts';
import type { OperationSummary } from './use-cases.ts';

/**
 * Every operation of a home, newest first. Reads only, unless an interrupted operation has to be
 * settled first: until then the ledger does not say what is true.
 *
 * @throws InstallError E_LEDGER_DAMAGED, E_HOME_LOCKED
 */
export async function listHistory(context: InstallContext): Promise<readonly OperationSummary[]> {
  const { fs, layout } = context;
  if (findJournals(fs, layout.journal).journals.length > 0) {
    await withSession(context, () => Promise.resolve());
  }
  const operations = operationsOf(readLedger(fs, layout.ledger).entries);
  return operations
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
}
