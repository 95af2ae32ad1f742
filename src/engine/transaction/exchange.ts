import { basename } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import { asidePath, giveBack, isSameFile, putAside } from './file-names.ts';
import { slotPath, witnessPath, type Journal } from '../journal/journal.ts';

/** The result of an attempt to exchange a slot and a live path. */
export type Swapped = 'swapped' | 'gone' | 'something appeared';

/** Exchanges the slot and the live path, in one step or by way of a witness. */
export function swapNames(fs: FileSystem, journal: Journal, slot: number, live: string): Swapped {
  const held = slotPath(journal, slot);
  try {
    if (journal.intent.exchange === 'witness') return swapByWitness(fs, journal, slot, live);
    fs.exchange(held, live);
    return 'swapped';
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

/**
 * Nothing is ever renamed over: whatever has the live name at that moment is moved out, and a file
 * that appears before the new file is in place keeps the name. So the live path is missing for an
 * instant, but nothing is lost. A crash between any two calls is settled by `settleWitness`.
 */
function swapByWitness(fs: FileSystem, journal: Journal, slot: number, live: string): Swapped {
  const held = slotPath(journal, slot);
  const witness = witnessPath(journal, slot);
  fs.rename(live, witness);
  if (fs.stat(witness)?.kind !== 'file') {
    settleWitness(fs, journal, slot, live);
    return 'something appeared';
  }
  try {
    fs.link(held, live);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    putAside(fs, witness, witness);
    return 'something appeared';
  }
  fs.rename(witness, held);
  return 'swapped';
}

/** Completes or undoes an exchange by witness that was cut short. */
export function settleWitness(fs: FileSystem, journal: Journal, slot: number, live: string): void {
  const witness = witnessPath(journal, slot);
  if (fs.stat(witness) === undefined) return;
  const held = slotPath(journal, slot);
  if (isSameFile(fs, held, live)) fs.rename(witness, held);
  else if (giveBack(fs, journal, slot, witness, live).kind !== 'done') {
    // The live name has led to another file since: the earlier one is kept, and its name is freed.
    putAside(fs, witness, witness);
  }
}

/** The name for a file that an exchange by witness moved out and could put nowhere else. */
export function witnessAside(fs: FileSystem, journal: Journal, slot: number): string | undefined {
  const aside = asidePath(witnessPath(journal, slot), 1);
  return fs.stat(aside) === undefined ? undefined : basename(aside);
}
