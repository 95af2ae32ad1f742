import type { Timer } from '../platform/timer.ts';

/**
 * Changes come in bursts, since an installation makes many. They are handled after this much quiet
 * ...
 */
const quietMs = 200;
/** ... or, if it does not become quiet, this long after the first. */
const noisyMs = 2000;

/** Runs one action after a burst of events. */
export interface WhenQuiet {
  /** Reports one more event. */
  readonly soon: () => void;
  /** Discards the events so far. */
  readonly cancel: () => void;
}

export function createWhenQuiet(timer: Timer, act: () => void): WhenQuiet {
  let cancelQuiet: (() => void) | undefined;
  let cancelNoisy: (() => void) | undefined;
  const cancel = (): void => {
    cancelQuiet?.();
    cancelNoisy?.();
    cancelQuiet = cancelNoisy = undefined;
  };
  const fire = (): void => {
    cancel();
    act();
  };
  return {
    soon() {
      cancelQuiet?.();
      cancelQuiet = timer.after(quietMs, fire);
      cancelNoisy ??= timer.after(noisyMs, fire);
    },
    cancel,
  };
}
