import { dirname } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { saysNoLinks } from '../../core/unsupported.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import { foundPath, type Journal } from '../journal/journal.ts';
import { done, edited, unexpected, type SwapResult } from './swap-result.ts';

/**
 * link(2) fails if anything exists there, so a file that appeared meanwhile is never overwritten.
 */
export function addFile(fs: FileSystem, slot: string, live: string): SwapResult {
  try {
    fs.link(slot, live);
    return done;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return unexpected('something appeared there');
    if (errno === 'ENOENT') return unexpected('its directory disappeared');
    throw error;
  }
}

/** Gives a file that was renamed out its live name again, unless something new is there. */
export function giveBack(
  fs: FileSystem,
  journal: Journal,
  slot: number,
  held: string,
  live: string,
): SwapResult {
  const kind = fs.stat(held)?.kind;
  if (kind === undefined) return done;
  if (kind !== 'file') return moveBack(fs, held, live);
  const restored = addFile(fs, held, live);
  if (restored.kind !== 'done' && !isSameFile(fs, held, live)) return edited;
  putAside(fs, held, foundPath(journal, slot));
  return done;
}

/**
 * A directory or link that took a file's place at the moment of its rename; link(2) accepts
 * neither.
 */
function moveBack(fs: FileSystem, held: string, live: string): SwapResult {
  if (fs.stat(live) !== undefined || fs.stat(dirname(live)) === undefined) return edited;
  fs.rename(held, live);
  return done;
}

/** Whether two names lead to one inode. */
export function isSameFile(fs: FileSystem, left: string, right: string): boolean {
  const [one, other] = [fs.stat(left), fs.stat(right)];
  return one !== undefined && one.inode === other?.inode && one.device === other.device;
}

/** Renames to the first free `<base>.<number>`. */
export function putAside(fs: FileSystem, path: string, base: string): void {
  fs.rename(path, freeName(fs, base));
}

/**
 * Bytes that are not in a snapshot become reachable again for their writer, under a second name.
 */
export function keepSecondName(fs: FileSystem, path: string, base: string): void {
  if (fs.stat(path)?.kind !== 'file') return;
  try {
    fs.link(path, freeName(fs, base));
  } catch (error) {
    // Where there are no hard links, or no more of this file, there is no second name to be had.
    if (!saysNoLinks(error) && errnoOf(error) !== 'EMLINK') throw error;
  }
}

function freeName(fs: FileSystem, base: string): string {
  let number = 1;
  while (fs.stat(asidePath(base, number)) !== undefined) number += 1;
  return asidePath(base, number);
}

/** The name that `putAside` uses for this number, counted from 1. */
export function asidePath(base: string, number: number): string {
  return `${base}.${number}`;
}
