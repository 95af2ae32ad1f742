import { basename, dirname } from 'node:path';
import type { Stat } from '../platform/file-system.ts';
import type { Watcher } from '../platform/watcher.ts';
import type { Places } from './places.ts';

/** A set of places that are watched, whether they exist or not. */
export interface WatchedPlaces {
  /** Watches these from now on, and no others. */
  watch(all: Iterable<Places>): void;
  close(): void;
}

/**
 * A missing directory is watched for from the nearest existing one above it, so that its creation
 * is detected. A directory that was recreated under its old name is watched anew.
 *
 * @param stat undefined if it does not exist or cannot be read
 */
export function createWatchedPlaces(
  stat: (path: string) => Stat | undefined,
  watcher: Watcher,
  onChange: () => void,
): WatchedPlaces {
  const watches = new Map<string, () => void>();
  let watched: Places = new Map();
  // A link may lead to a directory.
  const isDirectory = (path: string): boolean =>
    ['directory', 'link'].includes(stat(path)?.kind ?? '');

  const noticed = (directory: string, name: string | undefined): void => {
    const names = watched.get(directory);
    const itself = name === undefined || name === basename(directory);
    if (itself || names === 'every' || names?.has(name) === true) onChange();
  };

  return {
    watch(all) {
      watched = standing(all, isDirectory);
      const wanted = new Map<string, string>();
      for (const directory of watched.keys()) {
        const now = stat(directory);
        if (now !== undefined) wanted.set(`${directory}\0${now.device}:${now.inode}`, directory);
      }
      for (const [key, stop] of watches) {
        if (wanted.has(key)) continue;
        stop();
        watches.delete(key);
      }
      for (const [key, directory] of wanted) {
        if (watches.has(key)) continue;
        const stop = watcher.watch(directory, (name) => noticed(directory, name));
        if (stop !== undefined) watches.set(key, stop);
      }
    },
    close() {
      for (const stop of watches.values()) stop();
      watches.clear();
    },
  };
}

/**
 * The same places as existing directories: instead of a missing one, the nearest one above it is
 * watched for the name that leads to it.
 */
function standing(all: Iterable<Places>, isDirectory: (path: string) => boolean): Places {
  const merged: Places = new Map();
  for (const [directory, names] of [...all].flatMap((places) => [...places])) {
    let at = directory;
    let seen = names;
    while (!isDirectory(at) && at !== dirname(at)) {
      seen = new Set([basename(at)]);
      at = dirname(at);
    }
    const others = merged.get(at) ?? new Set();
    merged.set(
      at,
      others === 'every' || seen === 'every' ? 'every' : new Set([...others, ...seen]),
    );
  }
  return merged;
}
