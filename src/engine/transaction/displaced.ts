import { join } from 'node:path';
import { isOperationRef } from '../../core/operation-ref.ts';
import type { HomeLayout } from '../../instance/layout.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readJournal, slotPath, type Journal } from '../journal/journal.ts';
import { isState, livePath, liveState } from '../live-state.ts';
import type { OperationWarning } from '../operation-warning.ts';

/**
 * Displaced files of an identity that were written to after they left the instance: an agent had
 * one open and continued writing. The bytes still exist, and the user has to know
 * (docs/apply-and-rollback.md#displaced-files).
 *
 * @throws InstallError E_JOURNAL_DAMAGED
 */
export function lateBytesOf(
  fs: ReadFileSystem,
  { home, displacedDirectory }: HomeLayout,
  id: string,
): OperationWarning[] {
  if (fs.stat(displacedDirectory) === undefined) return [];
  return fs
    .list(displacedDirectory)
    .filter(isOperationRef)
    .map((ref) => readJournal(fs, home, join(displacedDirectory, ref)))
    .filter((journal) => journal.intent.id === id)
    .flatMap((journal) => lateBytesIn(fs, journal));
}

/** The same for the files that one operation displaced. */
export function lateBytesIn(fs: ReadFileSystem, journal: Journal): OperationWarning[] {
  return journal.intent.changes.flatMap((change, slot): OperationWarning[] => {
    const path = slotPath(journal, slot);
    if (change.before.kind !== 'file' || change.after.kind === 'directory') return [];
    const held = liveState(fs, path);
    // After an abort a slot holds the new file again, which nobody could have had open.
    if (held.kind === 'absent' || isState(held, change.before) || isState(held, change.after)) {
      return [];
    }
    const live = livePath(journal.intent, change);
    const message = `Something continued to write to the old ${live} after it was replaced; those bytes are here.`;
    return [{ code: 'LATE_BYTES', path, message }];
  });
}

/**
 * Displaced files that had other names: a hard link shares its bytes with those names, which are
 * not ours and keep the old bytes.
 */
export function otherNamesKept(
  fs: ReadFileSystem,
  journal: Journal,
  applied: ReadonlySet<number>,
): OperationWarning[] {
  return journal.intent.changes.flatMap((change, slot): OperationWarning[] => {
    if (change.before.kind !== 'file' || !applied.has(slot)) return [];
    const held = fs.stat(slotPath(journal, slot));
    if (held?.kind !== 'file' || held.links < 2) return [];
    const others = held.links - 1;
    const message = `The old file is hard-linked: ${others} other name${others === 1 ? '' : 's'} of it, here or elsewhere, still lead${others === 1 ? 's' : ''} to the old bytes.`;
    return [{ code: 'OTHER_NAMES_KEPT', path: livePath(journal.intent, change), message }];
  });
}
