import type { OperationRef } from '../../core/operation-ref.ts';
import type { HomeLayout } from '../../instance/layout.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { findJournals, phaseOf, type JournalPhase } from './journal.ts';

/** An operation that was interrupted; the next command that writes recovers it. */
export interface PendingOperation {
  readonly code: 'E_JOURNAL_PENDING';
  readonly ref: OperationRef;
  readonly id: string;
  /** How far it came: `intent` touched nothing, `commit` is completed, `abort` is undone. */
  readonly phase: JournalPhase;
}

/** @throws InstallError E_JOURNAL_DAMAGED */
export function pendingOperations(
  fs: ReadFileSystem,
  layout: HomeLayout,
): readonly PendingOperation[] {
  return findJournals(fs, layout).journals.map((journal) => ({
    code: 'E_JOURNAL_PENDING',
    ref: journal.intent.ref,
    id: journal.intent.id,
    phase: phaseOf(fs, journal),
  }));
}
