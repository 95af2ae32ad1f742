import { interruption } from './call.ts';

/** Lets one piece of work run after the other, in the order they were asked for. */
export interface Turns {
  /** @throws InstallError E_INTERRUPTED when the signal fires before the turn comes */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/**
 * A client may ask for several things at once. The home is locked against other processes; calls of
 * one server wait for each other instead of finding the home in use.
 */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(signal, work) {
      const turn = last.then(async () => {
        if (signal.aborted) throw interruption(signal);
        return await work();
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
