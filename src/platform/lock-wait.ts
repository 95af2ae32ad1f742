import { randomInt } from 'node:crypto';
import { InstallError } from '../core/errors.ts';
import type { Clock } from './clock.ts';
import type { LockAttempt, LockHolder } from './lock.ts';

export interface LockWait {
  /** Longest wait in milliseconds; 0 is one attempt. */
  readonly waitMs: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called once for every holder that is waited for; undefined for one that has not identified
   * itself.
   */
  readonly onBusy?: ((holder: LockHolder | undefined) => void) | undefined;
}

const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * Attempts until the lock is held or the time is over; then the last attempt, which was busy. A
 * kernel lock has no queue, so it is tried again and again, at random intervals that grow longer,
 * so that runs that began together do not keep colliding. A lock is never taken from its holder,
 * however long it takes.
 *
 * @throws InstallError E_INTERRUPTED; what the attempt throws
 */
export async function waitForLock(
  attempt: () => LockAttempt,
  { waitMs, clock, signal, onBusy }: LockWait,
): Promise<LockAttempt> {
  const deadline = clock.monotonic() + waitMs;
  let reported: string | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const result = attempt();
    const left = deadline - clock.monotonic();
    if (result.kind === 'held' || left <= 0) return result;
    const holder = JSON.stringify(result.holder ?? null);
    if (holder !== reported) onBusy?.(result.holder);
    reported = holder;
    await pause(Math.min(randomInt(pauseMs, pauseMs * 2), left), signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupt = (): void => {
      clearTimeout(timer);
      reject(new InstallError('E_INTERRUPTED', 'The run was interrupted while it waited.'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', interrupt);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) interrupt();
    else signal?.addEventListener('abort', interrupt, { once: true });
  });
}
