import { interruption } from './call.ts';

/** Runs one piece of work after the other, in the order of the requests. */
export interface Turns {
  /** @throws InstallError E_INTERRUPTED when the signal fires before the turn comes */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/**
 * A client may send several requests at once. The home is locked against other processes; calls of
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
