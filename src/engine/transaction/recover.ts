import { basename } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { isOperationRef } from '../../core/operation-ref.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import { discardTree } from '../../platform/files/discard-tree.ts';
import type { TransactionContext } from '../context.ts';
import { finishOperation, type Settlement } from './finish.ts';
import { ioError } from '../../core/io-error.ts';
import { findJournals, markPhase, phaseOf, treePath, type Journal } from '../journal/journal.ts';
import { livePath } from '../live-state.ts';
import { discardSnapshot } from '../snapshot/snapshot.ts';
import { inTree, moveTreeIn, slotsOfTree } from './staged-tree.ts';
import { carryOut, progressOf, putBack } from './swap.ts';
import { takeBackAll } from './abort.ts';
import { discardOperation } from './transaction.ts';
import type { OperationWarning } from '../operation-warning.ts';
import type { OperationRef } from '../../core/operation-ref.ts';

export interface RecoveredOperation {
  readonly ref: OperationRef;
  readonly id: string;
  readonly outcome: 'completed' | 'undone' | 'discarded';
  readonly warnings: readonly OperationWarning[];
}

/**
 * Recovers whatever an interrupted run left behind. Idempotent, and safe to be interrupted itself:
 * the state of each change is read from the disk, never remembered.
 *
 * Pre: the home lock is held, so nobody is still working on what is found.
 */
export async function recoverJournals(
  context: TransactionContext,
): Promise<readonly RecoveredOperation[]> {
  const { fs, layout } = context;
  const { journals, unfinished } = findJournals(fs, layout);
  for (const directory of unfinished) {
    // Only an operation that touched nothing has its unfinished name, so its snapshot, which an
    // interrupted discard may have left, is not a backup of anything.
    const ref = basename(directory, '.new');
    if (isOperationRef(ref)) discardSnapshot(fs, layout.snapshotsDirectory, ref);
    discardTree(fs, directory);
  }
  const recovered: RecoveredOperation[] = [];
  for (const journal of journals) recovered.push(await recoverOne(context, journal));
  return recovered;
}

async function recoverOne(
  context: TransactionContext,
  journal: Journal,
): Promise<RecoveredOperation> {
  const { ref, id } = journal.intent;
  switch (phaseOf(context.fs, journal)) {
    case 'intent':
      discardOperation(context, journal);
      return { ref, id, outcome: 'discarded', warnings: [] };
    case 'abort':
      return await goBackward(context, journal);
    case 'commit':
      return treeIsBlocked(context, journal)
        ? await goBackward(context, journal)
        : await goForward(context, journal);
  }
}

/** Something was put in the place of the new instance, and must not be merged with it. */
function treeIsBlocked(context: TransactionContext, journal: Journal): boolean {
  const { fs } = context;
  const waiting = journal.intent.stagesTree && fs.stat(treePath(journal)) !== undefined;
  if (!waiting) return false;
  const instance = fs.stat(journal.intent.instance);
  if (instance === undefined) return false;
  return instance.kind !== 'directory' || fs.list(journal.intent.instance).length > 0;
}

async function goForward(
  context: TransactionContext,
  journal: Journal,
): Promise<RecoveredOperation> {
  const forward = carryOutPending(context, journal);
  if (forward === 'impossible') return await goBackward(context, journal);
  await finishOperation(context, journal, { ...forward, outcome: 'done', recovered: true });
  const { ref, id } = journal.intent;
  return { ref, id, outcome: 'completed', warnings: forward.warnings };
}

/** Carries out what is still pending; `impossible` if that can never be done here. */
function carryOutPending(
  context: TransactionContext,
  journal: Journal,
): Pick<Settlement, 'applied' | 'warnings'> | 'impossible' {
  const { fs } = context;
  const applied = new Set<number>();
  const warnings: OperationWarning[] = [];
  const treeWaits = journal.intent.stagesTree && fs.stat(treePath(journal)) !== undefined;
  try {
    for (const [slot, change] of journal.intent.changes.entries()) {
      if (inTree(journal, change)) {
        if (change.path === '' && treeWaits) {
          if (moveTreeIn(context, journal, change).kind !== 'done') return 'impossible';
        }
        applied.add(slot);
        continue;
      }
      const { inEffect, disturbed } = carryOutSlot(fs, journal, slot);
      if (inEffect) applied.add(slot);
      if (disturbed) warnings.push(changedDuringApply(journal, slot, inEffect));
    }
  } catch (error) {
    // Names that cannot be exchanged now never will be, so completing would fail at every command.
    const known = ioError(error, 'recovering');
    if (known instanceof InstallError && known.code === 'E_FS_NO_EXCHANGE') return 'impossible';
    throw error;
  }
  return { applied, warnings };
}

function carryOutSlot(
  fs: FileSystem,
  journal: Journal,
  slot: number,
): { readonly inEffect: boolean; readonly disturbed: boolean } {
  const progress = progressOf(fs, journal, slot);
  if (progress.kind === 'carried-out') return { inEffect: true, disturbed: false };
  if (progress.kind === 'disturbed') return { inEffect: progress.applied, disturbed: true };
  const result = carryOut(fs, journal, slot);
  if (result.kind === 'done') return { inEffect: true, disturbed: false };
  // Something was written between our check and our swap, and was swapped out: it is put back.
  if (result.kind === 'unexpected') putBack(fs, journal, slot);
  return { inEffect: progressOf(fs, journal, slot).applied, disturbed: true };
}

async function goBackward(
  context: TransactionContext,
  journal: Journal,
): Promise<RecoveredOperation> {
  markPhase(context.fs, journal, 'abort');
  const outside = [...journal.intent.changes.entries()]
    .filter(([, change]) => !inTree(journal, change))
    .map(([slot]) => slot)
    .reverse();
  const reached = [...outside, ...slotsOfTree(context, journal)];
  const warnings = takeBackAll(context, journal, reached);
  await finishOperation(context, journal, {
    outcome: 'aborted',
    applied: new Set(),
    warnings,
    recovered: true,
  });
  const { ref, id } = journal.intent;
  return { ref, id, outcome: 'undone', warnings };
}

function changedDuringApply(journal: Journal, slot: number, inEffect: boolean): OperationWarning {
  const change = journal.intent.changes[slot];
  const kept = `slot ${slot} of displaced/${journal.intent.ref}`;
  return {
    code: 'CHANGED_DURING_APPLY',
    path: change === undefined ? journal.intent.instance : livePath(journal.intent, change),
    message: inEffect
      ? `It was edited while the interrupted operation ran; the edit was kept, and the version before it is ${kept}.`
      : `It was edited before the interrupted operation reached it, and was left alone; the release's version is ${kept}.`,
  };
}
