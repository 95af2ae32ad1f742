import { printable } from '../core/printable.ts';

/** Who holds a lock, as the holder wrote it into the lock file; advisory, for messages only. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  /** UTC, ISO 8601. */
  readonly since: string;
}

/**
 * The holder as messages name it. It wrote these words itself, so terminal control characters are
 * escaped.
 */
export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'another run';
  const { pid, host, command, since } = holder;
  return printable(`process ${pid} on ${host} (${command}, since ${since})`);
}

export interface HeldLock {
  /** Releases the lock. The file stays: unlinking it would let a second holder in. */
  release(): void;
}

export type LockAttempt =
  | { readonly kind: 'held'; readonly lock: HeldLock }
  | { readonly kind: 'busy'; readonly holder: LockHolder | undefined };

/** Kernel locks on files: they end with the process that holds them, and are never stale. */
export interface Locks {
  /** One attempt, no waiting. Creates the file (0600) if it is missing. */
  tryLock(path: string, holder: LockHolder): LockAttempt;
}
