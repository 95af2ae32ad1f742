import { isUnused, withSession } from '../../engine/session.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import type { OperationContext } from '../context.ts';

/**
 * Recovers what an interrupted run left behind, and does nothing else. Every command that writes
 * does the same first.
 *
 * @throws InstallError E_HOME_LOCKED, E_JOURNAL_DAMAGED, E_LEDGER_DAMAGED, E_EVIDENCE_DAMAGED,
 *   E_HOME_READ_ONLY
 */
export async function recover(context: OperationContext): Promise<readonly RecoveredOperation[]> {
  if (isUnused(context)) return [];
  return await withSession(context, ({ recovered }) => Promise.resolve(recovered));
}
