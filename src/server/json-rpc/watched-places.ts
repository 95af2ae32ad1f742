import { dirname } from 'node:path';
import type { Stat } from '../../platform/file-system.ts';
import type { Watcher } from '../../platform/watcher.ts';

/** A set of places that are watched, whether they are there or not. */
export interface WatchedPlaces {
  /** Watches these from now on, and no others. */
  watch(places: Iterable<string>): void;
  close(): void;
}

/**
 * A place that is not there is watched from the nearest directory above it, so that it is noticed
 * when it comes. A directory that was made anew under its old name is another one, and watched anew.
 *
 * @param stat undefined for what is not there or cannot be looked at
 */
export function createWatchedPlaces(
  stat: (path: string) => Stat | undefined,
  watcher: Watcher,
  onChange: () => void,
): WatchedPlaces {
  const watches = new Map<string, () => void>();
  return {
    watch(places) {
      const wanted = new Map<string, string>();
      for (const place of new Set(places)) {
        let at = place;
        while (stat(at) === undefined && dirname(at) !== at) at = dirname(at);
        const now = stat(at);
        if (now !== undefined) wanted.set(`${at}\0${now.device}:${now.inode}`, at);
      }
      for (const [key, stop] of watches) {
        if (wanted.has(key)) continue;
        stop();
        watches.delete(key);
      }
      for (const [key, directory] of wanted) {
        if (watches.has(key)) continue;
        const stop = watcher.watch(directory, onChange);
        if (stop !== undefined) watches.set(key, stop);
      }
    },
    close() {
      for (const stop of watches.values()) stop();
      watches.clear();
    },
  };
}
