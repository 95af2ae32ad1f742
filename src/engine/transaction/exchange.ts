import { basename } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import { asidePath, giveBack, isSameFile, putAside } from './file-names.ts';
import { slotPath, witnessPath, type Journal } from '../journal/journal.ts';

/** What came of an attempt to exchange a slot and a live path. */
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
 * Nothing is ever renamed over: what has the live name in that moment is taken out whatever it is,
 * and what appears before the new file has the name keeps it. So the live path is missing for an
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

/** Brings an exchange by witness that was cut short to one of its two ends. */
export function settleWitness(fs: FileSystem, journal: Journal, slot: number, live: string): void {
  const witness = witnessPath(journal, slot);
  if (fs.stat(witness) === undefined) return;
  const held = slotPath(journal, slot);
  if (isSameFile(fs, held, live)) fs.rename(witness, held);
  else if (giveBack(fs, journal, slot, witness, live).kind !== 'done') {
    // The live name leads to another file since: what it led to is kept, and its name made free.
    putAside(fs, witness, witness);
  }
}

/** The name of what an exchange by witness took out and found no better place for. */
export function witnessAside(fs: FileSystem, journal: Journal, slot: number): string | undefined {
  const aside = asidePath(witnessPath(journal, slot), 1);
  return fs.stat(aside) === undefined ? undefined : basename(aside);
}
