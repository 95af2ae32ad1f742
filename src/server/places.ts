import { basename, dirname, isAbsolute } from 'node:path';
import type { Discovery } from '../protocol/discovery/list-identities.ts';
import type { Looks } from '../protocol/discovery/noted-looks.ts';

/** The names that matter, by the directory that they are in; `every` where all of them do. */
export type Places = Map<string, Set<string> | 'every'>;

/** Directories that are watched for one request; of more, those looked at first. */
const mostDirectories = 4096;

/**
 * Where something has to change before these discoveries can find anything else: exactly what they
 * looked at, and the files besides.
 *
 * @param files absolute; of packs, which discovery does not open
 */
export function placesOf(found: readonly Discovery[], files: Iterable<string>): Places {
  const places: Places = new Map();
  const packs = new Set(found.flatMap(({ identities }) => identities.map((one) => one.directory)));
  // Working directories share roots, and with them what was looked at there.
  for (const looks of new Set(found.flatMap((each) => each.looks))) addLooks(places, looks, packs);
  for (const file of files) add(places, file);
  return places;
}

/** Packs may be many, and say themselves which of their files matter. */
function addLooks(places: Places, looks: Looks, packs: ReadonlySet<string>): void {
  for (const [path, end] of looks.led) {
    addWithParents(places, path);
    if (isAbsolute(end)) addWithParents(places, end);
  }
  for (const path of looks.stood.keys()) if (!packs.has(dirname(path))) add(places, path);
  for (const directory of looks.listed) if (places.has(directory)) places.set(directory, 'every');
}

/** A directory above that is renamed, or a link there that leads elsewhere, changes all below. */
function addWithParents(places: Places, path: string): void {
  for (let at = path; at !== dirname(at); at = dirname(at)) add(places, at);
}

function add(places: Places, path: string): void {
  addName(places, dirname(path), basename(path));
}

function addName(places: Places, directory: string, name: string): void {
  const names = places.get(directory);
  if (names === undefined && places.size < mostDirectories) places.set(directory, new Set([name]));
  if (names !== undefined && names !== 'every') names.add(name);
}
