import type { Clock, Randomness } from '../../src/platform/clock.ts';

export interface FixedClock extends Clock {
  /** Lets time pass, or run backwards: a wall clock may do that, the monotonic one does not. */
  advance(milliseconds: number): void;
}

/** A clock that stands still until it is told to move. */
export function createFixedClock(start = '2026-11-20T23:59:59.000Z'): FixedClock {
  let wall = Date.parse(start);
  let monotonic = 0;
  return {
    now: () => new Date(wall),
    monotonic: () => monotonic,
    advance(milliseconds) {
      wall += milliseconds;
      monotonic += Math.max(0, milliseconds);
    },
  };
}

/** Counts instead of drawing: every value differs from the one before, every run is the same. */
export function createFixedRandomness(): Randomness {
  let drawn = 0;
  return {
    hex(bytes) {
      drawn += 1;
      return drawn
        .toString(16)
        .padStart(bytes * 2, '0')
        .slice(-bytes * 2);
    },
  };
}
