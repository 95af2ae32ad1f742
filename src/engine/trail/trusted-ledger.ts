import { InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { steps } from '../../core/remedy.ts';
import type { HomeLayout } from '../../instance/layout.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readEvidence } from './evidence.ts';
import { readChain, requireOperation, type LedgerChain, type LedgerEntry } from './ledger.ts';
import { newestEvidence } from './newest-evidence.ts';

const withoutEvidence = steps(
  'Nothing was changed. This file proves the last line of the ledger, so nothing can continue without it.',
  { kind: 'restore', what: 'the ledger and its evidence' },
  { kind: 'command', command: 'verifyHome', to: 'see what can still be trusted' },
  'Without a backup, remove the last line from ledger.jsonl, and move the files of the operation out of evidence/ and record/: it can then no longer be undone, and the next install adopts the existing files.',
);

/**
 * The ledger as every command reads it before it acts on it or shows it
 * (docs/evidence-format.md#the-ledger). The chain proves every line but the last, and cannot show that
 * lines are missing at the end: the evidence proves both.
 *
 * @param pending operations in flight, read before this is called: one that completes in between is
 *   then in the ledger
 * @throws InstallError E_LEDGER_DAMAGED for a line that does not follow from the one before, for an
 *   operation that the ledger has lost, and for a last line that its evidence contradicts;
 *   E_EVIDENCE_DAMAGED if the evidence of the last line is missing or not what the line recorded;
 *   E_LAYOUT_NEWER if a newer version of this program wrote it
 */
export function readTrustedLedger(
  fs: ReadFileSystem,
  layout: HomeLayout,
  pending: readonly OperationRef[],
): LedgerChain {
  // Looked up first: an operation that completes in between writes its evidence before its line.
  const newest = newestEvidence(fs, layout, new Set(pending));
  const chain = readChain(fs, layout.ledger);
  if (chain.damage !== undefined) throw chain.damage.error;
  if (newest !== undefined) requireOperation(chain, layout.ledger, newest);
  const last = chain.entries.at(-1);
  if (last !== undefined) requireEvidence(fs, layout.evidenceDirectory, last);
  return chain;
}

function requireEvidence(fs: ReadFileSystem, directory: string, last: LedgerEntry): void {
  try {
    readEvidence(fs, directory, last);
  } catch (error) {
    if (!(error instanceof InstallError) || error.code !== 'E_EVIDENCE_DAMAGED') throw error;
    const { message, details } = error;
    throw new InstallError('E_EVIDENCE_DAMAGED', message, {
      remedy: withoutEvidence,
      details,
      cause: error,
    });
  }
}
