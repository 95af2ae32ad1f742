import { printable } from '../core/printable.ts';

/** Who holds a lock, as the holder wrote it into the lock file; advisory, for messages only. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  /** UTC, ISO 8601. */
  readonly since: string;
}

/** The holder as a message names it. It wrote its own words, so nothing a terminal obeys is left. */
export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'another run';
  const { pid, host, command, since } = holder;
  return printable(`process ${pid} on ${host} (${command}, since ${since})`);
}

export interface HeldLock {
  /** Gives the lock back. The file stays: unlinking it would let a second holder in. */
  release(): void;
}

export type LockAttempt =
  | { readonly kind: 'held'; readonly lock: HeldLock }
  | { readonly kind: 'busy'; readonly holder: LockHolder | undefined };

/** Kernel locks on files: gone with the process that holds them, never stale. */
export interface Locks {
  /** One attempt, no waiting. Creates the file (0600) where it is missing. */
  tryLock(path: string, holder: LockHolder): LockAttempt;
}
