import { outputJsonSync } from 'fs-extra/esm';
import { join } from 'node:path';

/**
 * Whether every point of a sweep is tried (`npm run test:faults`) or an even sample of them, which
 * is what `npm test` has time for.
 */
export const isFullSweep = process.env['IDENTITY_SWEEP'] === 'full';

/** All points of a full sweep; else at most `atMost` of them, evenly spread, both ends included. */
export function sampled<T>(points: readonly T[], atMost: number): T[] {
  if (isFullSweep || points.length <= atMost) return [...points];
  const step = (points.length - 1) / (atMost - 1);
  const chosen = Array.from({ length: atMost }, (_none, index) => Math.round(index * step));
  return points.filter((_point, index) => chosen.includes(index));
}

/** What a sweep came to; `docs/reliability.md` shows them. */
export interface Figures {
  /** Faults that were injected, each in a run of its own. */
  readonly points: number;
  /** Ended with the state from before. */
  readonly old: number;
  /** Ended with the state that the operation makes. */
  readonly new: number;
  /** Of all, those that the next command had to settle. */
  readonly recovered: number;
  /** Ended with neither; any makes the sweep fail. */
  readonly mixed: number;
  /** Bytes of the user's or the agent's found nowhere any more; any makes the sweep fail. */
  readonly lost: number;
}

/** Hands the figures of one sweep to `npm run test:faults`, which makes the table; else nothing. */
export function recordFigures(sweep: string, figures: Figures): void {
  const directory = process.env['IDENTITY_FIGURES'];
  if (directory === undefined) return;
  const name = sweep.replaceAll(/[^a-z0-9]+/gi, '-');
  outputJsonSync(join(directory, `${name}.json`), { sweep, ...figures });
}
