import type { Timer } from '../../src/platform/timer.ts';
import type { Watcher } from '../../src/platform/watcher.ts';

/** A watcher and a timer that the test holds. */
export interface HeldChanges {
  readonly watcher: Watcher;
  readonly timer: Timer;
  /** Directories that are watched now. */
  readonly watched: () => string[];
  /** Tells that a name in a directory changed, as the operating system would; not every one says which. */
  readonly change: (directory: string, name?: string) => void;
  /** Lets time pass: so many milliseconds, or until every timer has fired. */
  readonly wait: (milliseconds?: number) => void;
}

export function holdChanges(): HeldChanges {
  const watches = new Map<string, Set<(name?: string) => void>>();
  let timers: { readonly due: number; readonly act: () => void }[] = [];
  let now = 0;
  return {
    watcher: {
      watch(directory, onChange) {
        const listeners = watches.get(directory) ?? new Set();
        watches.set(directory, listeners.add(onChange));
        return () => {
          listeners.delete(onChange);
          if (listeners.size === 0) watches.delete(directory);
        };
      },
    },
    timer: {
      after(milliseconds, act) {
        const set = { due: now + milliseconds, act };
        timers.push(set);
        return () => (timers = timers.filter((each) => each !== set));
      },
    },
    watched: () => [...watches.keys()].sort(),
    change: (directory, name) => watches.get(directory)?.forEach((onChange) => onChange(name)),
    wait(milliseconds = 60_000) {
      now += milliseconds;
      for (const set of timers.filter(({ due }) => due <= now)) {
        // One that fired may have called off another.
        if (!timers.includes(set)) continue;
        timers = timers.filter((each) => each !== set);
        set.act();
      }
    },
  };
}
