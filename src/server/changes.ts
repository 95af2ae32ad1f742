import { join } from 'node:path';
import { errnoOf } from '../core/errors.ts';
import type { ReadFileSystem, Stat } from '../platform/file-system.ts';
import type { Timer } from '../platform/timer.ts';
import type { Watcher } from '../platform/watcher.ts';
import {
  discoverIdentities,
  type Discovery,
  type DiscoveryContext,
} from '../protocol/discovery/list-identities.ts';
import type { ListRequest } from '../protocol/discovery/listing.ts';
import { placesOf, type Places } from './places.ts';
import { createWhenQuiet } from './quiet.ts';
import { createWatchedPlaces } from './watched-places.ts';

interface Followed {
  readonly request: ListRequest;
  /** What a client knows about each working directory: the last answer or notification. */
  known: ReadonlyMap<string, Known>;
  places: Places;
}

interface Known {
  readonly listing: string;
  /** The state of each main file of its packs, by path; undefined if it does not exist. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** Detects when what a client knows is no longer true. */
export interface ChangeNotifier {
  /** Follows this request: from now on, changes of what it finds are notified. */
  follow(request: ListRequest, found: readonly Discovery[]): void;
  close(): void;
}

/** Requests that are followed; the oldest is dropped. */
const mostRequests = 16;
/** Packs whose files are followed; of others, only that they appear and disappear. */
const mostPacks = 256;
const packFiles = ['', 'IDENTITY_PROMPT.md', 'CURRENT_TASK.json', 'META.yaml', 'RULEBOOK.jsonl'];

/**
 * Watches exactly what discovery has read, wherever that is, so that a project's other files cause
 * no notifications. A watch only says that something happened: discovery is then repeated and
 * compared with what the client knows. A root that disappears or returns is a change like any
 * other.
 *
 * @param notify receives the working directories that find something else now
 * @param onDefect receives errors that have no caller
 */
export function createChangeNotifier({
  discovery,
  watcher,
  timer,
  notify,
  onDefect,
}: {
  readonly discovery: DiscoveryContext;
  readonly watcher: Watcher;
  readonly timer: Timer;
  readonly notify: (cwds: readonly string[]) => void;
  readonly onDefect: (error: unknown) => void;
}): ChangeNotifier {
  const followed = new Map<string, Followed>();
  const stat: Look = (path) => statOf(discovery.fs, path);

  const compare = (): void => {
    const changed = new Set<string>();
    for (const entry of followed.values()) {
      const found = discoverIdentities(entry.request, discovery);
      const now = stateOf(found, stat);
      for (const [cwd, state] of now) if (differs(entry.known.get(cwd), state)) changed.add(cwd);
      entry.known = now;
      entry.places = placesOf(found, filesOf(now));
    }
    watchAll();
    if (changed.size > 0) notify([...changed].sort());
  };

  const quiet = createWhenQuiet(timer, () => {
    try {
      compare();
    } catch (error) {
      onDefect(error);
    }
  });
  const watched = createWatchedPlaces(stat, watcher, quiet.soon);
  const watchAll = (): void => watched.watch([...followed.values()].map(({ places }) => places));

  return {
    follow(request, found) {
      const { cwds, extraRoots } = request;
      const key = JSON.stringify([cwds, extraRoots]);
      const known = answered(stateOf(found, stat), followed.get(key)?.known);
      followed.delete(key);
      followed.set(key, {
        request: { cwds, ...(extraRoots && { extraRoots }) },
        known,
        places: placesOf(found, filesOf(known)),
      });
      const [oldest] = followed.keys();
      if (followed.size > mostRequests && oldest !== undefined) followed.delete(oldest);
      watchAll();
      // Changes between the answer and the first watch are detected, too.
      quiet.soon();
    },
    close() {
      quiet.cancel();
      watched.close();
      followed.clear();
    },
  };
}

/** Undefined if it does not exist or cannot be read. */
type Look = (path: string) => Stat | undefined;

function statOf(fs: ReadFileSystem, path: string): Stat | undefined {
  try {
    return fs.stat(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** What each working directory finds, and the state of the main files there. */
function stateOf(found: readonly Discovery[], stat: Look): Map<string, Known> {
  return new Map(
    found.map(({ listing, identities }) => {
      const files = identities.slice(0, mostPacks).flatMap(({ directory }) =>
        packFiles.map((name): [string, string | undefined] => {
          const path = join(directory, name);
          const now = stat(path);
          return [path, now && `${now.inode} ${now.size} ${now.modifiedNs} ${now.changedNs}`];
        }),
      );
      return [listing.cwd, { listing: JSON.stringify(listing), files: new Map(files) }];
    }),
  );
}

/**
 * What a client knows from an answer: the listing, but not that a file of a pack has changed since
 * its last notification.
 */
function answered(
  now: ReadonlyMap<string, Known>,
  before: ReadonlyMap<string, Known> | undefined,
): Map<string, Known> {
  const withKnownFiles = ([cwd, { listing, files }]: [string, Known]): [string, Known] => {
    const old = before?.get(cwd)?.files;
    const kept = [...files].map(([path, state]): [string, string | undefined] => [
      path,
      old?.has(path) === true ? old.get(path) : state,
    ]);
    return [cwd, { listing, files: new Map(kept) }];
  };
  return new Map([...now].map(withKnownFiles));
}

/** A pack that appears or disappears changes the listing. */
function differs(known: Known | undefined, now: Known): boolean {
  if (known === undefined || known.listing !== now.listing) return true;
  return [...now.files].some(
    ([path, state]) => known.files.has(path) && known.files.get(path) !== state,
  );
}

function filesOf(known: ReadonlyMap<string, Known>): string[] {
  return [...known.values()].flatMap(({ files }) => [...files.keys()]);
}
