import { dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { Stat } from '../../platform/file-system.ts';
import type { Timer } from '../../platform/timer.ts';
import type { Watcher } from '../../platform/watcher.ts';
import {
  discoverIdentities,
  type Discovery,
  type DiscoveryContext,
} from '../../protocol/discovery/list-identities.ts';
import { absolute } from '../../protocol/discovery/roots.ts';
import type { ListRequest } from '../../protocol/discovery/listing.ts';

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

/** Changes come in crowds: an installation is many. Told once it is quiet for so long ... */
const quietMs = 200;
/** ... or, where it does not get quiet, so long after the first. */
const noisyMs = 2000;

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
 * like any other: its place is watched from the nearest directory above.
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
  const { fs } = discovery;
  const followed = new Map<string, Followed>();
  const watches = new Map<string, () => void>();
  let cancelQuiet: (() => void) | undefined;
  let cancelNoisy: (() => void) | undefined;

  const cancel = (): void => {
    cancelQuiet?.();
    cancelNoisy?.();
    cancelQuiet = cancelNoisy = undefined;
  };

  const soon = (): void => {
    cancelQuiet?.();
    cancelQuiet = timer.after(quietMs, look);
    cancelNoisy ??= timer.after(noisyMs, look);
  };

  const look = (): void => {
    cancel();
    try {
      compare();
    } catch (error) {
      onDefect(error);
    }
  };

  const compare = (): void => {
    const changed = new Set<string>();
    for (const entry of followed.values()) {
      const found = discoverIdentities(entry.request, discovery);
      const now = fingerprints(found);
      for (const [cwd, print] of now) if (entry.told.get(cwd) !== print) changed.add(cwd);
      entry.told = now;
      entry.places = placesOf(entry.request, found);
    }
    watchAll();
    if (changed.size > 0) notify([...changed].sort());
  };

  const stat = (path: string): Stat | undefined => {
    try {
      return fs.stat(path);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  };

  const fingerprints = (found: readonly Discovery[]): Map<string, string> =>
    new Map(
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

  const placesOf = ({ extraRoots = [] }: ListRequest, found: readonly Discovery[]): string[] => [
    ...[
      ...extraRoots.map((root) => absolute(discovery.workingDirectory, root)),
      ...discovery.furtherRoots,
      ...found.flatMap(({ listing, roots }) => [listing.cwd, ...roots]),
    ].flatMap((root) => watchedPlaces.map((place) => join(root, place))),
    ...found
      .flatMap(({ identities }) => identities.map(({ directory }) => directory))
      .slice(0, mostPacks),
  ];

  /** A directory that was made anew under its old name is another one, and watched anew. */
  const watchAll = (): void => {
    const wanted = new Map<string, string>();
    for (const place of new Set([...followed.values()].flatMap(({ places }) => places))) {
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
      const stop = watcher.watch(directory, soon);
      if (stop !== undefined) watches.set(key, stop);
    }
  };

  return {
    follow(request, found) {
      const { cwds, extraRoots } = request;
      const key = JSON.stringify([cwds, extraRoots]);
      followed.delete(key);
      followed.set(key, {
        request: { cwds, ...(extraRoots && { extraRoots }) },
        told: fingerprints(found),
        places: placesOf(request, found),
      });
      const [oldest] = followed.keys();
      if (followed.size > mostRequests && oldest !== undefined) followed.delete(oldest);
      watchAll();
      // What changed between the answer and the watches is found, too.
      soon();
    },
    close() {
      cancel();
      for (const stop of watches.values()) stop();
      watches.clear();
      followed.clear();
    },
  };
}
