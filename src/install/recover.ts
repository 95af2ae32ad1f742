import { basename } from 'node:path';
import { isOperationRef } from '../core/operation-ref.ts';
import type { TransactionContext } from './context.ts';
import { finishOperation } from './finish.ts';
import {
  discardTree,
  findJournals,
  markPhase,
  phaseOf,
  treePath,
  type Journal,
} from './journal.ts';
import { livePath } from './live-state.ts';
import { discardSnapshot } from './snapshot.ts';
import { inTree, moveTreeIn, slotsOfTree } from './staged-tree.ts';
import { carryOut, progressOf } from './swap.ts';
import { discardOperation, takeBackAll } from './transaction.ts';
import type { OperationWarning, RecoveredOperation } from './use-cases.ts';

/**
 * Settles whatever an interrupted run left behind. Idempotent, and safe to be interrupted itself:
 * where each change stands is read from the disk, never remembered.
 *
 * Pre: the home lock is held, so nobody is still working on what is found.
 */
export async function recoverJournals(
  context: TransactionContext,
): Promise<readonly RecoveredOperation[]> {
  const { fs, layout } = context;
  const { journals, unfinished } = findJournals(fs, layout.journal);
  for (const directory of unfinished) {
    // Only an operation that touched nothing goes by its unfinished name, so its snapshot, which
    // a discarding that was cut short may have left, backs nothing up.
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

/** Something was put where a new instance was to be: it is not ours to merge with. */
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
  const { fs } = context;
  const applied = new Set<number>();
  const warnings: OperationWarning[] = [];
  const treeWaits = journal.intent.stagesTree && fs.stat(treePath(journal)) !== undefined;
  for (const [slot, change] of journal.intent.changes.entries()) {
    if (inTree(journal, change)) {
      if (change.path === '' && treeWaits) {
        const moved = moveTreeIn(context, journal, change);
        if (moved.kind !== 'done') return await goBackward(context, journal);
      }
      applied.add(slot);
      continue;
    }
    const progress = progressOf(fs, journal, slot);
    const result = progress.kind === 'pending' ? carryOut(fs, journal, slot) : undefined;
    const stands =
      progress.kind === 'carried-out' ||
      result?.kind === 'done' ||
      (progress.kind === 'disturbed' && progress.applied);
    if (stands) applied.add(slot);
    if (progress.kind === 'disturbed' || (result !== undefined && result.kind !== 'done')) {
      warnings.push(changedDuringApply(livePath(journal.intent, change), stands));
    }
  }
  await finishOperation(context, journal, { outcome: 'done', applied, warnings, recovered: true });
  const { ref, id } = journal.intent;
  return { ref, id, outcome: 'completed', warnings };
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

function changedDuringApply(path: string, applied: boolean): OperationWarning {
  return {
    code: 'CHANGED_DURING_APPLY',
    path,
    message: applied
      ? 'It was edited while the interrupted operation ran; the edit stands.'
      : 'It was edited before the interrupted operation reached it, and was left alone.',
  };
}
