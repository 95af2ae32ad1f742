import { setImmediate as turn } from 'node:timers/promises';
import { InstallError } from '../core/errors.ts';
import type { Clock } from './clock.ts';

export interface Pacer {
  /**
   * To be called between two items of a synchronous loop: `await pacer.breathe()`, or, where even
   * an await per item is too much, `const pause = pacer.breathe(); if (pause) await pause;`.
   * Returns a promise only at the end of a slice; signals, timers and the spinner then get their
   * turn.
   *
   * @throws InstallError E_INTERRUPTED if the run was asked to stop
   */
  breathe(): Promise<void> | undefined;
}

export interface PacerOptions {
  readonly clock: Clock;
  /** Aborted when the run should stop at the next safe point. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time without a turn of the event loop. */
  readonly sliceMilliseconds?: number;
}

/** Cuts long synchronous work into slices, at the cost of reading a clock per item. */
export function createPacer({ clock, signal, sliceMilliseconds = 30 }: PacerOptions): Pacer {
  let began = clock.monotonic();

  function stopIfAborted(): void {
    if (signal?.aborted !== true) return;
    throw new InstallError('E_INTERRUPTED', 'The run was interrupted.', { cause: signal.reason });
  }

  async function pause(): Promise<void> {
    await turn();
    began = clock.monotonic();
    stopIfAborted();
  }

  return {
    breathe() {
      stopIfAborted();
      return clock.monotonic() - began < sliceMilliseconds ? undefined : pause();
    },
  };
}
