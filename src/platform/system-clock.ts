import { randomBytes } from 'node:crypto';
import type { Clock, Randomness } from './clock.ts';

/** The machine's clock. */
export function createSystemClock(): Clock {
  return { now: () => new Date(), monotonic: () => performance.now() };
}

/** Randomness that nobody can predict, so that names do not meet and cannot be prepared for. */
export function createSystemRandomness(): Randomness {
  return { hex: (bytes) => randomBytes(bytes).toString('hex') };
}
