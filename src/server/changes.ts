import { basename, join } from 'node:path';
import { errnoOf } from '../core/errors.ts';
import type { Stat } from '../platform/file-system.ts';
import type { Timer } from '../platform/timer.ts';
import type { Watcher } from '../platform/watcher.ts';
import {
  discoverIdentities,
  type Discovery,
  type DiscoveryContext,
} from '../protocol/discovery/list-identities.ts';
import type { ListRequest } from '../protocol/discovery/listing.ts';
import { placesOf, standing, type Places } from './watched-places.ts';

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

/** Changes come in crowds: an installation is many. Told once it is quiet for so long ... */
const quietMs = 200;
/** ... or, where it does not get quiet, so long after the first. */
const noisyMs = 2000;

/** Requests that are followed; the oldest is dropped. */
const mostRequests = 16;
/** Packs whose files are followed; of more, only that they come and go. */
const mostPacks = 256;
const packFiles = ['', 'IDENTITY_PROMPT.md', 'CURRENT_TASK.json', 'META.yaml', 'RULEBOOK.jsonl'];

/**
 * Watched is what discovery looked at, wherever that lies, and nothing else, so that a project's
 * other files make no noise. Watching says only that something happened: what is found is then
 * compared with what was told. A root that goes away or comes back is a change like any other: its
 * place is watched from the nearest directory above.
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
  let watched: Places = new Map();
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
      const now = stateOf(found);
      for (const [cwd, state] of now) if (differs(entry.told.get(cwd), state)) changed.add(cwd);
      entry.told = now;
      entry.places = placesOf(found, filesOf(now));
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

  const stateOf = (found: readonly Discovery[]): Map<string, Told> =>
    new Map(
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

  /** A directory that was made anew under its old name is another one, and watched anew. */
  const watchAll = (): void => {
    watched = standing(
      [...followed.values()].map(({ places }) => places),
      (path) => ['directory', 'link'].includes(stat(path)?.kind ?? ''),
    );
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
  };

  const noticed = (directory: string, name: string | undefined): void => {
    const names = watched.get(directory);
    const itself = name === undefined || name === basename(directory);
    if (itself || names === 'every' || names?.has(name) === true) soon();
  };

  return {
    follow(request, found) {
      const { cwds, extraRoots } = request;
      const key = JSON.stringify([cwds, extraRoots]);
      const told = answered(stateOf(found), followed.get(key)?.told);
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
