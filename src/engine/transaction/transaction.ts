import { InstallError } from '../../core/errors.ts';
import type { Change, FilePathState } from '../change.ts';
import { discardTree } from '../../platform/files/discard-tree.ts';
import type { TransactionContext } from '../context.ts';
import type { ContentSource } from '../operation.ts';
import { abortOperation, type Abort } from './abort.ts';
import { finishOperation, type FinishedOperation } from './finish.ts';
import { ioError } from '../../core/io-error.ts';
import type { Intent } from '../journal/intent.ts';
import { markPhase, openJournal, type Journal } from '../journal/journal.ts';
import { requireHardLinks } from './link-probe.ts';
import { isState, livePath, liveState } from '../live-state.ts';
import { discardSnapshot, takeSnapshot } from '../snapshot/snapshot.ts';
import type { SnapshotRequest } from '../snapshot/snapshot-manifest.ts';
import { closeDirectories, inTree, moveTreeIn, slotsOfTree, stagedPath } from './staged-tree.ts';
import { carryOut } from './swap.ts';
import type { SwapResult } from './swap-result.ts';
import type { OperationWarning } from '../operation-warning.ts';

export interface TransactionInput {
  readonly intent: Intent;
  readonly content: ContentSource;
  readonly snapshot: SnapshotRequest | null;
}

/**
 * Carries out an operation as described in docs/apply-and-rollback.md. When it returns, every
 * change is in effect; when it throws E_INSTANCE_CHANGED, every change is undone, except for files
 * that were edited in between, which the error names. E_FS_NO_EXCHANGE on a file system without
 * hard links.
 *
 * Pre: the home lock is held, and no journal is pending.
 */
export async function runTransaction(
  context: TransactionContext,
  input: TransactionInput,
): Promise<FinishedOperation> {
  const { fs, layout } = context;
  requireHardLinks(context, input.intent);
  const journal = openJournal(fs, layout.journal, input.intent);
  try {
    // A crash from here to the marker leaves the instance untouched; recovery discards the
    // operation.
    if (input.snapshot !== null) await snapshotBefore(context, input.snapshot);
    await stage(context, journal, input.content);
    context.throwIfInterrupted();
    markPhase(fs, journal, 'commit');
  } catch (error) {
    discardOrLeave(context, journal);
    throw ioError(error, 'staging the new files');
  }
  // After a crash from here on, recovery carries out what is still pending.
  const applied = await applyChanges(context, journal);
  if (applied.kind === 'abort') return await abortOperation(context, journal, applied);
  try {
    return await finishOperation(context, journal, {
      outcome: 'done',
      applied: applied.slots,
      warnings: [...applied.warnings, ...editedSince(context, journal, applied.slots)],
      recovered: false,
    });
  } catch (error) {
    throw ioError(
      error,
      `recording ${journal.intent.ref}, whose changes are complete; the next command records it`,
    );
  }
}

function discardOrLeave(context: TransactionContext, journal: Journal): void {
  try {
    discardOperation(context, journal);
  } catch (error) {
    throw ioError(
      error,
      'staging the new files and removing them; the next command recovers the operation',
    );
  }
}

/** Discards an operation that never reached its commit marker. */
export function discardOperation(context: TransactionContext, journal: Journal): void {
  const { fs, layout } = context;
  // Under its unfinished name first, so that a crash in the middle does not leave a partly readable
  // journal.
  const unnamed = `${journal.directory}.new`;
  fs.rename(journal.directory, unnamed);
  discardSnapshot(fs, layout.snapshotsDirectory, journal.intent.ref);
  discardTree(fs, unnamed);
}

async function snapshotBefore(
  context: TransactionContext,
  request: SnapshotRequest,
): Promise<void> {
  context.progress.step('Backing up', request.files.length);
  const { fs, archive, layout } = context;
  await takeSnapshot({ fs, archive, directory: layout.snapshotsDirectory }, request);
}

/** Writes every new file into the journal, makes all of it durable, and reads it back. */
async function stage(
  context: TransactionContext,
  journal: Journal,
  content: ContentSource,
): Promise<void> {
  const { fs, layout, progress } = context;
  const wanted = new Map<number, Change>();
  for (const [slot, change] of journal.intent.changes.entries()) {
    if (inTree(journal, change) && change.after.kind === 'directory') {
      fs.makeDirectory(stagedPath(journal, slot, change), change.after.mode | 0o700);
    }
    if (change.after.kind === 'file') wanted.set(slot, change);
  }
  progress.step('Writing', wanted.size);
  let written = 0;
  await content.provide(wanted, (slot, bytes) => {
    const change = wanted.get(slot);
    if (change?.after.kind !== 'file') throw new RangeError(`slot ${slot} was not requested`);
    fs.writeNew(stagedPath(journal, slot, change), bytes, change.after.mode);
    written += 1;
    progress.advance(written);
  });
  // Barrier 1: without it a power cut could show the commit marker and empty files beside it.
  await fs.barrier([layout.stateDirectory]);
  for (const [slot, change] of wanted) {
    await context.breathe();
    verifyStaged(context, stagedPath(journal, slot, change), change.after as FilePathState);
  }
  closeDirectories(context, journal);
}

/** A write can report success without storing the bytes, so they are read back. */
function verifyStaged(context: TransactionContext, path: string, after: FilePathState): void {
  if (isState(liveState(context.fs, path), after)) return;
  throw new InstallError('E_IO', `${path} does not hold what was written to it.`, {
    remedy: 'Nothing was changed. The disk may be full or failing; check it and try again.',
    details: { path },
  });
}

type Applied =
  | {
      readonly kind: 'applied';
      readonly slots: ReadonlySet<number>;
      readonly warnings: readonly OperationWarning[];
    }
  | Abort;

async function applyChanges(context: TransactionContext, journal: Journal): Promise<Applied> {
  const { changes } = journal.intent;
  const slots = new Set<number>();
  const warnings: OperationWarning[] = [];
  context.progress.step('Installing', changes.length);
  for (const [slot, change] of changes.entries()) {
    await context.breathe();
    const abort = (why: string, cause?: unknown): Abort => ({
      kind: 'abort',
      reached: [...slots].reverse(),
      at: slot,
      why,
      cause,
    });
    try {
      const result = carryOutOne(context, journal, slot, change);
      if (result.kind === 'unexpected') return abort(result.why);
      if (result.kind === 'left') warnings.push(keptDirectory(journal, change, result.why));
      else slots.add(slot);
    } catch (error) {
      // A call that reports a failure may have done its work nevertheless.
      const mayStand = inTree(journal, change) ? slotsOfTree(context, journal) : [slot];
      const why = error instanceof Error ? error.message : String(error);
      return { ...abort(why, error), reached: [...mayStand, ...[...slots].reverse()] };
    }
  }
  return { kind: 'applied', slots, warnings };
}

function carryOutOne(
  context: TransactionContext,
  journal: Journal,
  slot: number,
  change: Change,
): SwapResult {
  if (!inTree(journal, change)) return carryOut(context.fs, journal, slot);
  return change.path === '' ? moveTreeIn(context, journal, change) : { kind: 'done' };
}

function keptDirectory(journal: Journal, change: Change, why: string): OperationWarning {
  return {
    code: 'DIRECTORY_KEPT',
    path: livePath(journal.intent, change),
    message: `The directory stays: ${why}.`,
  };
}

/** A path edited after our swap is the user's latest version: a warning, never a failure. */
function editedSince(
  context: TransactionContext,
  journal: Journal,
  slots: ReadonlySet<number>,
): OperationWarning[] {
  const warnings: OperationWarning[] = [];
  for (const slot of slots) {
    const change = journal.intent.changes[slot];
    if (change?.after.kind !== 'file') continue;
    const path = livePath(journal.intent, change);
    const same = inTree(journal, change)
      ? context.fs.stat(path)?.size === change.after.size
      : isState(liveState(context.fs, path), change.after);
    if (same) continue;
    const message = 'It was edited right after it was installed; the edit was kept.';
    warnings.push({ code: 'EDITED_AFTER_SWAP', path, message });
  }
  return warnings;
}
