import { expect, test } from 'vitest';
import type { LockAttempt, LockHolder } from '../../src/platform/lock.ts';
import { waitForLock } from '../../src/platform/lock-wait.ts';

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
  expect(await waitForLock(attempt, options)).toBe(held);
  expect([count(), told]).toEqual([4, [holder(1), holder(2)]]);
});

test('when the time is over the last attempt stands, and there is one at the very end', async () => {
  const { attempt, count } = attempts(busy(1));
  const began = performance.now();
  expect(await waitForLock(attempt, { waitMs: 300, clock })).toEqual(busy(1));
  expect(performance.now() - began).toBeGreaterThanOrEqual(295);
  expect(count()).toBeLessThan(20);
});

test('an interrupt ends the wait at once', async () => {
  const { attempt } = attempts(busy(1));
  const controller = new AbortController();
  const waiting = waitForLock(attempt, { waitMs: 60_000, clock, signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await expect(waiting).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
  const after = waitForLock(attempt, { waitMs: 60_000, clock, signal: controller.signal });
  await expect(after).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
});
