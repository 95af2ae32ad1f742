import { errnoOf } from '../../core/errors.ts';
import { isWithin } from '../../core/path.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import type { SystemError } from '../../platform/system-error.ts';
import { nothing, type Change } from '../change.ts';
import { settleWitness, swapNames, witnessAside } from './exchange.ts';
import { addFile, giveBack, keepSecondName } from './file-names.ts';
import { foundPath, slotPath, undonePath, type Journal } from '../journal/journal.ts';
import { isState, livePath, liveState, withinRoots } from '../live-state.ts';
import { done, edited, left, unexpected, type SwapResult } from './swap-result.ts';

/**
 * Carries out one change. Every step is one system call that either happens or does not, and the
 * old bytes are in the slot afterwards; `takeBack` beside it is its undo.
 */
export function carryOut(fs: FileSystem, journal: Journal, slot: number): SwapResult {
  const change = changeAt(journal, slot);
  const { before, after } = change;
  const act = (live: string): SwapResult => {
    if (after.kind === 'directory') return createDirectory(fs, live, after.mode);
    if (before.kind === 'directory') return dropDirectory(fs, live);
    if (before.kind === 'absent') return addFile(fs, slotPath(journal, slot), live);
    if (after.kind === 'absent') return takeOut(fs, live, slotPath(journal, slot), change);
    return exchangeFile(fs, journal, slot, live);
  };
  return atLivePath(fs, journal, change, act, {
    stray: (component) => unexpected(`${component} is no longer a directory`),
    missing: () => (before.kind === 'directory' ? done : unexpected('its directory disappeared')),
  });
}

/**
 * Undoes one change, whether it was carried out or not; a path that was edited since is left
 * unchanged. Idempotent.
 */
export function takeBack(fs: FileSystem, journal: Journal, slot: number): SwapResult {
  const change = changeAt(journal, slot);
  const { before, after } = change;
  const act = (live: string): SwapResult => {
    if (after.kind === 'directory') return dropDirectory(fs, live);
    if (before.kind === 'directory') return createDirectory(fs, live, before.mode);
    if (before.kind === 'absent') return takeBackAdded(fs, journal, slot, live);
    if (after.kind === 'absent') {
      return giveBack(fs, journal, slot, slotPath(journal, slot), live);
    }
    return exchangeBack(fs, journal, slot, live);
  };
  return atLivePath(fs, journal, change, act, {
    stray: () => edited,
    missing: () => (before.kind === 'absent' ? done : left('its directory disappeared')),
  });
}

/**
 * Puts back what an unexpected change moved out, so that the live path has its original bytes.
 * Bytes that were written to the new file in its short life stay in the slot.
 */
export function putBack(fs: FileSystem, journal: Journal, slot: number): SwapResult {
  const change = changeAt(journal, slot);
  const { before, after } = change;
  if (before.kind !== 'file') return done;
  const held = slotPath(journal, slot);
  const aside = witnessAside(fs, journal, slot);
  if (aside !== undefined) return left(`what it replaced is ${aside}`);
  // Nothing came out if the swap itself was refused: the slot still holds the staged file.
  if (isState(liveState(fs, held), after)) return done;
  const act = (live: string): SwapResult => {
    if (after.kind === 'absent') return giveBack(fs, journal, slot, held, live);
    keepSecondName(fs, held, foundPath(journal, slot));
    const isBack = swapNames(fs, journal, slot, live) === 'swapped';
    return isBack && isState(liveState(fs, held), after) ? done : edited;
  };
  return atLivePath(fs, journal, change, act, {
    stray: () => edited,
    missing: () => left('its directory disappeared'),
  });
}

/** The result of a change whose live path cannot be accessed. */
interface NoWay<T> {
  /** A component is a link or not a directory: nothing behind it may be touched. */
  readonly stray: (component: string) => T;
  readonly missing: () => T;
}

/**
 * Acts on the live path of a change, which cannot be redirected meanwhile
 * (`FileSystem.inDirectory`).
 */
function atLivePath<T>(
  fs: FileSystem,
  { intent }: Journal,
  change: Change,
  act: (live: string) => T,
  noWay: NoWay<T>,
): T {
  const live = livePath(intent, change);
  const way = { isHeld: false };
  try {
    return withinRoots(fs, intent, live, () => {
      way.isHeld = true;
      return act(live);
    });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOTDIR') return noWay.stray((error as SystemError).path);
    if (errno === 'ENOENT' && !way.isHeld) return noWay.missing();
    throw error;
  }
}

/**
 * The state of a change, read from the disk alone; `applied` is the state to assume if it is
 * disturbed.
 */
export interface ChangeProgress {
  readonly kind: 'pending' | 'carried-out' | 'disturbed';
  readonly applied: boolean;
}

const pending: ChangeProgress = { kind: 'pending', applied: false };
const carriedOut: ChangeProgress = { kind: 'carried-out', applied: true };
const disturbed = (applied: boolean): ChangeProgress => ({ kind: 'disturbed', applied });

/**
 * Determines after a crash whether a change was carried out (docs/apply-and-rollback.md#recovery).
 */
export function progressOf(fs: FileSystem, journal: Journal, slot: number): ChangeProgress {
  const change = changeAt(journal, slot);
  if (change.after.kind === 'absent' && isOverbuilt(fs, journal, slot)) return carriedOut;
  return atLivePath(fs, journal, change, (live) => progressAt(fs, journal, slot, live), {
    stray: () => {
      const out = change.before.kind === 'file' ? liveState(fs, slotPath(journal, slot)) : nothing;
      return disturbed(out.kind !== 'absent' && !isState(out, change.after));
    },
    // A path without its directory is just as absent.
    missing: () => progressAt(fs, journal, slot, livePath(journal.intent, change)),
  });
}

function progressAt(fs: FileSystem, journal: Journal, slot: number, live: string): ChangeProgress {
  const change = changeAt(journal, slot);
  settleWitness(fs, journal, slot, live);
  const now = liveState(fs, live);
  if (change.before.kind === 'directory' || change.after.kind === 'directory') {
    if (now.kind === change.after.kind) return carriedOut;
    return now.kind === change.before.kind ? pending : disturbed(false);
  }
  const held = liveState(fs, slotPath(journal, slot));
  if (change.before.kind === 'absent') {
    if (now.kind === 'absent') return pending;
    const ours = fs.stat(live)?.inode === fs.stat(slotPath(journal, slot))?.inode;
    if (isState(now, change.after)) return carriedOut;
    return disturbed(ours || held.kind === 'absent');
  }
  if (change.after.kind === 'absent') {
    if (isState(held, change.before) && now.kind === 'absent') return carriedOut;
    if (isState(now, change.before) && held.kind === 'absent') return pending;
    return disturbed(held.kind !== 'absent');
  }
  if (isState(now, change.before) && isState(held, change.after)) return pending;
  if (isState(now, change.after) && isState(held, change.before)) return carriedOut;
  return disturbed(!isState(held, change.after));
}

/**
 * Whether a later change of the same operation has put something where this one made room: a
 * directory in place of a file, or a file in place of the directory that this path was in.
 */
function isOverbuilt(fs: FileSystem, journal: Journal, slot: number): boolean {
  const { root, path, before } = changeAt(journal, slot);
  if (before.kind === 'file' && fs.stat(slotPath(journal, slot)) === undefined) return false;
  const { changes } = journal.intent;
  const next = changes.findIndex(
    (change, index) =>
      index > slot &&
      change.root === root &&
      change.before.kind === 'absent' &&
      change.after.kind !== 'absent' &&
      (change.path === path || (change.after.kind === 'file' && isWithin(path, change.path))),
  );
  const change = changes[next];
  if (change === undefined) return false;
  return fs.stat(livePath(journal.intent, change))?.kind === change.after.kind;
}

/**
 * Removes the slot's name for a file that is in the instance under its own name. The inode stays
 * reachable, and a later edit in place does not change what we keep.
 */
export function dropSecondName(fs: FileSystem, journal: Journal, slot: number): void {
  const held = slotPath(journal, slot);
  const second = fs.stat(held);
  if (second === undefined) return;
  const first = fs.stat(livePath(journal.intent, changeAt(journal, slot)));
  if (first?.inode === second.inode && first.device === second.device) fs.unlink(held);
}

function changeAt(journal: Journal, slot: number): Change {
  const change = journal.intent.changes[slot];
  if (change === undefined) throw new RangeError(`no change ${slot} in ${journal.directory}`);
  return change;
}

function createDirectory(fs: FileSystem, live: string, mode: number): SwapResult {
  try {
    fs.makeDirectory(live, mode);
    return done;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return unexpected('its directory disappeared');
    if (errno !== 'EEXIST') throw error;
    return fs.stat(live)?.kind === 'directory' ? done : unexpected('something appeared there');
  }
}

/** A directory that is not empty holds something of the user's: it stays, and nothing is lost. */
function dropDirectory(fs: FileSystem, live: string): SwapResult {
  try {
    fs.removeDirectory(live);
    return done;
  } catch (error) {
    switch (errnoOf(error)) {
      case 'ENOENT':
        return done;
      case 'ENOTEMPTY':
      case 'EEXIST':
        return left('it is not empty');
      case 'ENOTDIR':
        return left('it is no longer a directory');
      default:
        throw error;
    }
  }
}

function takeOut(fs: FileSystem, live: string, slot: string, change: Change): SwapResult {
  const kind = fs.stat(live)?.kind;
  if (kind !== undefined && kind !== 'file') return unexpected('it is no longer a regular file');
  try {
    fs.rename(live, slot);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return unexpected('it disappeared');
    throw error;
  }
  return isState(liveState(fs, slot), change.before)
    ? done
    : unexpected('it was written to meanwhile');
}

/**
 * Staged and live file are exchanged, and then what came out is compared with the planned state.
 */
function exchangeFile(fs: FileSystem, journal: Journal, slot: number, live: string): SwapResult {
  const { before } = changeAt(journal, slot);
  if (fs.stat(live)?.kind !== 'file') return unexpected('it is no longer a regular file');
  const swapped = swapNames(fs, journal, slot, live);
  if (swapped === 'gone') return unexpected('it disappeared');
  if (swapped !== 'swapped') return unexpected('something appeared there');
  return isState(liveState(fs, slotPath(journal, slot)), before)
    ? done
    : unexpected('it was written to meanwhile');
}

function exchangeBack(fs: FileSystem, journal: Journal, slot: number, live: string): SwapResult {
  const change = changeAt(journal, slot);
  settleWitness(fs, journal, slot, live);
  const now = liveState(fs, live);
  if (isState(now, change.before)) return done;
  if (!isState(now, change.after)) return edited;
  const held = slotPath(journal, slot);
  if (!isState(liveState(fs, held), change.before)) {
    keepSecondName(fs, held, foundPath(journal, slot));
  }
  if (swapNames(fs, journal, slot, live) !== 'swapped') return edited;
  return isState(liveState(fs, held), change.after) ? done : edited;
}

/** The inode may be open in an agent: it is renamed out, compared, and kept in the journal. */
function takeBackAdded(fs: FileSystem, journal: Journal, slot: number, live: string): SwapResult {
  const { after } = changeAt(journal, slot);
  const undone = undonePath(journal, slot);
  const now = liveState(fs, live);
  if (now.kind === 'absent') return done;
  const staged = fs.stat(slotPath(journal, slot));
  const neverOurs = staged !== undefined && fs.stat(live)?.inode !== staged.inode;
  if (neverOurs) return done;
  if (!isState(now, after)) return edited;
  fs.rename(live, undone);
  if (isState(liveState(fs, undone), after)) return done;
  giveBack(fs, journal, slot, undone, live);
  return edited;
}
