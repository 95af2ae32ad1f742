import { join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { ReadFileSystem, Stat } from '../../platform/file-system.ts';
import type { Timer } from '../../platform/timer.ts';
import type { Watcher } from '../../platform/watcher.ts';
import {
  discoverIdentities,
  type Discovery,
  type DiscoveryContext,
} from '../../protocol/discovery/list-identities.ts';
import { absolute } from '../../protocol/discovery/roots.ts';
import type { ListRequest } from '../../protocol/discovery/listing.ts';
import { createWhenQuiet } from './quiet.ts';
import { createWatchedPlaces } from './watched-places.ts';

interface Followed {
  readonly request: ListRequest;
  /** What each working directory was found to hold when it was last told. */
  told: ReadonlyMap<string, string>;
  /** Directories whose changes may matter. */
  places: readonly string[];
}

/** Notices when what a client was told is no longer so. */
export interface ChangeNotifier {
  /** From now on, changes of what this request finds are told. */
  follow(request: ListRequest, found: readonly Discovery[]): void;
  close(): void;
}

/** Requests that are followed; the oldest is dropped. */
const mostRequests = 16;
/** Packs whose files are followed; of more, only catalogs and the lists of packs are. */
const mostPacks = 256;

/** Below a root, what decides about its identities. */
const watchedPlaces = [
  '',
  '.agents',
  '.agents/identity',
  'identity',
  'identity/catalog',
  'identity/packs',
  'instances',
  'identities',
];
const packFiles = ['', 'IDENTITY_PROMPT.md', 'CURRENT_TASK.json', 'META.yaml', 'RULEBOOK.jsonl'];

/**
 * Watching says only that something happened. What is found is then compared with what was told, so
 * that a project's other files make no noise, and a root that goes away or comes back is a change
 * like any other.
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
      const now = fingerprints(found, stat);
      for (const [cwd, print] of now) if (entry.told.get(cwd) !== print) changed.add(cwd);
      entry.told = now;
      entry.places = placesOf(entry.request, found, discovery);
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
  const watchAll = (): void =>
    watched.watch([...followed.values()].flatMap(({ places }) => places));

  return {
    follow(request, found) {
      const { cwds, extraRoots } = request;
      const key = JSON.stringify([cwds, extraRoots]);
      followed.delete(key);
      followed.set(key, {
        request: { cwds, ...(extraRoots && { extraRoots }) },
        told: fingerprints(found, stat),
        places: placesOf(request, found, discovery),
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

/** What each working directory finds, as a text that changes when anything of it does. */
function fingerprints(found: readonly Discovery[], stat: Look): Map<string, string> {
  return new Map(
    found.map(({ listing, identities }) => {
      const packs = identities.slice(0, mostPacks).flatMap(({ directory }) =>
        packFiles.map((name) => {
          const now = stat(join(directory, name));
          return now && `${now.inode} ${now.size} ${now.modifiedNs} ${now.changedNs}`;
        }),
      );
      return [listing.cwd, JSON.stringify([listing, packs])];
    }),
  );
}

/** Where something would have to change for a request to find something else. */
function placesOf(
  { extraRoots = [] }: ListRequest,
  found: readonly Discovery[],
  { workingDirectory, furtherRoots }: DiscoveryContext,
): string[] {
  const roots = [
    ...extraRoots.map((root) => absolute(workingDirectory, root)),
    ...furtherRoots,
    ...found.flatMap(({ listing, roots }) => [listing.cwd, ...roots]),
  ];
  const packs = found.flatMap(({ identities }) => identities.map(({ directory }) => directory));
  return [
    ...roots.flatMap((root) => watchedPlaces.map((place) => join(root, place))),
    ...packs.slice(0, mostPacks),
  ];
}
