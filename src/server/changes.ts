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
  /** What a client knows of each working directory: what it was answered or told last. */
  told: ReadonlyMap<string, Told>;
  places: Places;
}

interface Told {
  readonly listing: string;
  /** The state of each main file of its packs, by path; undefined for one that is not there. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** Notices when what a client was told is no longer so. */
export interface ChangeNotifier {
  /** From now on, changes of what this request finds are told. */
  follow(request: ListRequest, found: readonly Discovery[]): void;
  close(): void;
}

/** Requests that are followed; the oldest is dropped. */
const mostRequests = 16;
/** Packs whose files are followed; of more, only that they come and go. */
const mostPacks = 256;
const packFiles = ['', 'IDENTITY_PROMPT.md', 'CURRENT_TASK.json', 'META.yaml', 'RULEBOOK.jsonl'];

/**
 * Watched is what discovery looked at, wherever that lies, and nothing else, so that a project's
 * other files make no noise. Watching says only that something happened: what is found is then
 * compared with what was told. A root that goes away or comes back is a change like any other.
 *
 * @param notify is told the working directories that find something else now
 * @param onDefect is told what is thrown where nobody called
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
      for (const [cwd, state] of now) if (differs(entry.told.get(cwd), state)) changed.add(cwd);
      entry.told = now;
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
      const told = answered(stateOf(found, stat), followed.get(key)?.told);
      followed.delete(key);
      followed.set(key, {
        request: { cwds, ...(extraRoots && { extraRoots }) },
        told,
        places: placesOf(found, filesOf(told)),
      });
      const [oldest] = followed.keys();
      if (followed.size > mostRequests && oldest !== undefined) followed.delete(oldest);
      watchAll();
      // What changed between the answer and the watches is found, too.
      quiet.soon();
    },
    close() {
      quiet.cancel();
      watched.close();
      followed.clear();
    },
  };
}

/** Undefined for what is not there or cannot be looked at. */
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
function stateOf(found: readonly Discovery[], stat: Look): Map<string, Told> {
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
 * What a client knows by an answer: the listing, but not that a file of a pack has changed since it
 * was told of it last.
 */
function answered(
  now: ReadonlyMap<string, Told>,
  before: ReadonlyMap<string, Told> | undefined,
): Map<string, Told> {
  const known = ([cwd, { listing, files }]: [string, Told]): [string, Told] => {
    const old = before?.get(cwd)?.files;
    const kept = [...files].map(([path, state]): [string, string | undefined] => [
      path,
      old?.has(path) === true ? old.get(path) : state,
    ]);
    return [cwd, { listing, files: new Map(kept) }];
  };
  return new Map([...now].map(known));
}

/** A pack that came or went is another listing. */
function differs(told: Told | undefined, now: Told): boolean {
  if (told === undefined || told.listing !== now.listing) return true;
  return [...now.files].some(
    ([path, state]) => told.files.has(path) && told.files.get(path) !== state,
  );
}

function filesOf(told: ReadonlyMap<string, Told>): string[] {
  return [...told.values()].flatMap(({ files }) => [...files.keys()]);
}
