import { basename, dirname, join } from 'node:path';
import { sha256 } from '../../core/digest.ts';
import { replaceDurably } from '../../platform/files/replace-durably.ts';
import type { TransactionContext } from '../context.ts';
import { serializeEvidence, type Evidence, type EvidenceSnapshot } from '../trail/evidence.ts';
import { otherNamesKept } from './displaced.ts';
import { slotPath, undonePath, type Journal } from '../journal/journal.ts';
import { appendToLedger, readLedger } from '../trail/ledger.ts';
import { isState, livePath, liveState } from '../live-state.ts';
import { serialiseRecord } from '../../instance/record-file.ts';
import { readManifest, snapshotPaths } from '../snapshot/snapshot-manifest.ts';
import { dropSecondName } from './swap.ts';
import { settledRecord } from './settled-record.ts';
import type { OperationWarning } from '../operation-warning.ts';

export interface Settlement {
  readonly outcome: 'done' | 'aborted';
  /** Slots of the changes that are in effect. */
  readonly applied: ReadonlySet<number>;
  readonly warnings: readonly OperationWarning[];
  readonly recovered: boolean;
}

export interface FinishedOperation {
  readonly evidence: Evidence;
  readonly evidencePath: string;
  /** Where the files that were displaced from the instance are kept; null if there are none. */
  readonly displaced: string | null;
}

/**
 * The steps from "every change is in effect" to "the operation is recorded": evidence, record,
 * ledger, and the one rename that completes it. Recovery repeats it after a crash anywhere inside,
 * so a step that is already done must have no effect.
 */
export async function finishOperation(
  context: TransactionContext,
  journal: Journal,
  settlement: Settlement,
): Promise<FinishedOperation> {
  const { fs, layout } = context;
  const { intent } = journal;
  const held = new Set(fs.list(journal.directory));
  for (const [slot, change] of intent.changes.entries()) {
    const added = change.before.kind === 'absent' && settlement.applied.has(slot);
    if (added && held.has(basename(slotPath(journal, slot)))) dropSecondName(fs, journal, slot);
  }
  const displaced = displacedSlots(journal, held);
  const evidence = composeEvidence(context, journal, {
    ...settlement,
    warnings: [
      ...settlement.warnings,
      ...lateBytes(context, journal, settlement),
      ...otherNamesKept(fs, journal, settlement.applied),
    ],
  });
  const evidencePath = join(layout.evidenceDirectory, `${intent.ref}.json`);

  // Barrier 2: without it a power cut could leave a record with names that the instance does not
  // have yet.
  const instanceStands = fs.stat(intent.instance) !== undefined;
  await fs.barrier(
    instanceStands ? [layout.stateDirectory, intent.instance] : [layout.stateDirectory],
  );
  // The names of the instance itself and of the local catalog lie above the paths of the barrier.
  fs.sync(layout.home);
  const parent = dirname(intent.instance);
  if (fs.stat(parent) !== undefined) fs.sync(parent);
  const ledger = readLedger(fs, layout.ledger);
  if (ledger.entries.at(-1)?.ref !== intent.ref) {
    const bytes = serializeEvidence(evidence);
    replaceDurably(fs, evidencePath, bytes);
    writeRecord(context, journal, settlement);
    fs.sync(layout.evidenceDirectory);
    fs.sync(join(layout.recordFile(intent.id), '..'));
    appendToLedger(fs, layout.ledger, ledger, {
      ref: intent.ref,
      run_id: evidence.run_id,
      identity_id: intent.id,
      operation: evidence.operation,
      outcome: evidence.outcome,
      at: evidence.completed_at,
      summary: evidence.summary,
      undoes: evidence.undoes,
      evidence_sha256: sha256(bytes),
    });
    fs.sync(layout.stateDirectory);
  }
  const kept = join(layout.displacedDirectory, basename(journal.directory));
  fs.rename(journal.directory, kept);
  fs.sync(layout.displacedDirectory);
  fs.sync(layout.journal);
  return { evidence, evidencePath, displaced: displaced.length > 0 ? kept : null };
}

function writeRecord(context: TransactionContext, journal: Journal, settlement: Settlement): void {
  if (settlement.outcome === 'aborted') return;
  const { fs, layout } = context;
  const { intent } = journal;
  const record = settledRecord(intent, settlement.applied);
  const path = layout.recordFile(intent.id);
  if (record !== null) replaceDurably(fs, path, serialiseRecord(record));
  else if (fs.stat(path) !== undefined) fs.unlink(path);
}

/** The slots that hold something from the instance. */
function displacedSlots(journal: Journal, held: ReadonlySet<string>): number[] {
  return journal.intent.changes.flatMap((change, slot) => {
    const replaced = change.before.kind === 'file' && held.has(basename(slotPath(journal, slot)));
    return replaced || held.has(basename(undonePath(journal, slot))) ? [slot] : [];
  });
}

/**
 * An agent that had a file open when it was swapped out may have continued to write to it: those
 * bytes are in the displaced file, and are reported here.
 */
function lateBytes(
  context: TransactionContext,
  journal: Journal,
  settlement: Settlement,
): OperationWarning[] {
  if (settlement.outcome === 'aborted') return [];
  const kept = join(context.layout.displacedDirectory, basename(journal.directory));
  return journal.intent.changes.flatMap((change, slot): OperationWarning[] => {
    if (change.before.kind !== 'file' || !settlement.applied.has(slot)) return [];
    if (isState(liveState(context.fs, slotPath(journal, slot)), change.before)) return [];
    const live = livePath(journal.intent, change);
    const path = join(kept, String(slot));
    const message = `Something wrote to ${live} while it was being swapped; those bytes are kept here.`;
    return [{ code: 'LATE_BYTES', path, message }];
  });
}

function composeEvidence(
  context: TransactionContext,
  journal: Journal,
  settlement: Settlement,
): Evidence {
  const { intent } = journal;
  const { snapshot_holds: holds, ...draft } = intent.evidence;
  const snapshot = holds === null ? null : describeSnapshot(context, intent.ref, holds);
  const overwrote = intent.changes.some(
    (change, slot) => change.before.kind === 'file' && settlement.applied.has(slot),
  );
  return {
    schema: 'identity-install/evidence@1',
    ref: intent.ref,
    identity_id: intent.id,
    home: intent.home,
    instance: intent.instance,
    ...draft,
    outcome: settlement.outcome,
    completed_at: context.clock.now().toISOString(),
    recovered: settlement.recovered,
    changes: intent.changes.filter((_change, slot) => settlement.applied.has(slot)),
    snapshot,
    backup_ref: overwrote ? (snapshot?.path ?? null) : null,
    rollback_ref: overwrote ? intent.ref : null,
    warnings: settlement.warnings,
    record_before: intent.recordBefore,
  };
}

function describeSnapshot(
  context: TransactionContext,
  ref: string,
  holds: EvidenceSnapshot['holds'],
): EvidenceSnapshot | null {
  const paths = snapshotPaths(context.layout.snapshotsDirectory, ref);
  if (context.fs.stat(paths.manifest) === undefined) return null;
  const manifest = readManifest(context.fs, paths.manifest, ref);
  const path = `.identity-install/snapshots/${manifest.archive}`;
  return { path, sha256: manifest.archive_sha256, holds };
}
