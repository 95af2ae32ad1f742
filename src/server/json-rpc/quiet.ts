import type { Timer } from '../../platform/timer.ts';

/** Changes come in crowds: an installation is many. Acted on once it is quiet for so long ... */
const quietMs = 200;
/** ... or, where it does not get quiet, so long after the first. */
const noisyMs = 2000;

/** Puts one act behind a crowd of occasions for it. */
export interface WhenQuiet {
  /** There was one more occasion. */
  readonly soon: () => void;
  /** Nothing is done any more about those that there were. */
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
