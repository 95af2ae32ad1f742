import { randomBytes } from 'node:crypto';
import type { Clock, Randomness } from './clock.ts';

/** The machine's clock. */
export function createSystemClock(): Clock {
  return { now: () => new Date(), monotonic: () => performance.now() };
}

/** Unpredictable randomness, so that names do not collide and cannot be occupied in advance. */
export function createSystemRandomness(): Randomness {
  return { hex: (bytes) => randomBytes(bytes).toString('hex') };
}
