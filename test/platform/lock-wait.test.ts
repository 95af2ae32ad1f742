import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LockAttempt, LockHolder } from '../../src/platform/lock.ts';
import { waitForLock } from '../../src/platform/lock-wait.ts';

/** Time passes when a test says so. */
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = { monotonic: () => performance.now() };
const held: LockAttempt = { kind: 'held', lock: { release: () => undefined } };
const holder = (pid: number): LockHolder => ({ pid, host: 'h', command: 'c', since: 's' });
const busy = (pid: number): LockAttempt => ({ kind: 'busy', holder: holder(pid) });

/** Gives the attempts one after the other, the last one for ever. */
function attempts(...results: readonly LockAttempt[]) {
  let count = 0;
  const attempt = () => results[Math.min(count++, results.length - 1)] ?? held;
  return { attempt, count: () => count };
}

test('a wait of nothing is one attempt, and nobody is told', async () => {
  const { attempt, count } = attempts(busy(1), held);
  const told: unknown[] = [];
  const options = { waitMs: 0, clock, onBusy: (who: unknown) => told.push(who) };
  expect(await waitForLock(attempt, options)).toEqual(busy(1));
  expect([count(), told]).toEqual([1, []]);
});

test('the lock is held as soon as it is free, and every holder is told of once', async () => {
  const { attempt, count } = attempts(busy(1), busy(1), busy(2), held);
  const told: unknown[] = [];
  const options = { waitMs: 10_000, clock, onBusy: (who: unknown) => told.push(who) };
  const waiting = waitForLock(attempt, options);
  await vi.runAllTimersAsync();
  expect(await waiting).toBe(held);
  expect([count(), told]).toEqual([4, [holder(1), holder(2)]]);
});

test('when the time is over the last attempt stands, and there is one at the very end', async () => {
  const began = performance.now();
  const moments: number[] = [];
  const attempt = () => {
    moments.push(performance.now() - began);
    return busy(1);
  };
  const waiting = waitForLock(attempt, { waitMs: 300, clock });
  await vi.runAllTimersAsync();
  expect(await waiting).toEqual(busy(1));
  expect([moments[0], moments.at(-1)]).toEqual([0, 300]);
  // The pauses are 20, 40, 80 and 160 milliseconds long at least.
  expect(moments.length).toBeLessThanOrEqual(6);
});

test('an interrupt ends the wait at once', async () => {
  const { attempt } = attempts(busy(1));
  const controller = new AbortController();
  const waiting = waitForLock(attempt, { waitMs: 60_000, clock, signal: controller.signal });
  const ended = expect(waiting).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
  await vi.advanceTimersByTimeAsync(50);
  controller.abort();
  await ended;
  expect(vi.getTimerCount()).toBe(0);
  const after = waitForLock(attempt, { waitMs: 60_000, clock, signal: controller.signal });
  await expect(after).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
});
