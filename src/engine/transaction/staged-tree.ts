import { dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { isInside } from '../../core/containment.ts';
import { trustedRoot } from '../../instance/locate.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import type { Change } from '../change.ts';
import type { TransactionContext } from '../context.ts';
import { slotPath, treePath, type Journal } from '../journal/journal.ts';
import { withinRoots, type Roots } from '../live-state.ts';
import type { SwapResult } from './swap-result.ts';

/** Whether a change is carried out by moving in the whole staged instance. */
export function inTree(journal: Journal, change: Change): boolean {
  return journal.intent.stagesTree && change.root === 'instance';
}

/** Where the new file or directory of a change is staged. */
export function stagedPath(journal: Journal, slot: number, change: Change): string {
  return inTree(journal, change) ? join(treePath(journal), change.path) : slotPath(journal, slot);
}

/** Sets the mode of directories that their owner may not write to, now that they are filled. */
export function closeDirectories({ fs }: TransactionContext, journal: Journal): void {
  for (const [slot, change] of [...journal.intent.changes.entries()].reverse()) {
    // The tree itself stays writable: a directory without write permission cannot be moved either.
    if (change.path === '' || !inTree(journal, change)) continue;
    if (change.after.kind !== 'directory' || (change.after.mode & 0o700) === 0o700) continue;
    fs.changeMode(stagedPath(journal, slot, change), change.after.mode);
  }
}

/**
 * Renames the staged tree to the instance in one step. rename(2) does not replace a directory that
 * holds anything, so files that appeared there meanwhile are safe.
 */
export function moveTreeIn(
  context: TransactionContext,
  journal: Journal,
  root: Change,
): SwapResult {
  const { fs } = context;
  const { instance } = journal.intent;
  const mode = root.after.kind === 'directory' ? root.after.mode : 0o755;
  try {
    makeParents(fs, journal.intent, dirname(instance), mode);
    withinRoots(fs, journal.intent, instance, () => {
      fs.rename(treePath(journal), instance);
      if (fs.stat(instance)?.mode !== mode) fs.changeMode(instance, mode);
    });
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
    return { kind: 'unexpected', why: 'something appeared there' };
  }
  return { kind: 'done' };
}

/** The changes that a staged tree carried out, newest first: empty while it is still staged. */
export function slotsOfTree({ fs }: TransactionContext, journal: Journal): number[] {
  if (fs.stat(treePath(journal)) !== undefined) return [];
  return journal.intent.changes
    .flatMap((change, slot) => (inTree(journal, change) ? [slot] : []))
    .reverse();
}

function makeParents(fs: FileSystem, roots: Roots, directory: string, mode: number): void {
  if (fs.stat(directory) !== undefined) return;
  makeParents(fs, roots, dirname(directory), mode);
  const make = () => fs.makeDirectory(directory, mode);
  const isOurs = isInside(dirname(directory), trustedRoot(roots.home, roots.instance));
  if (isOurs) withinRoots(fs, roots, directory, make);
  else make();
}
