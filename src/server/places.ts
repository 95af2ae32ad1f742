import { basename, dirname, isAbsolute } from 'node:path';
import type { Discovery } from '../protocol/discovery/list-identities.ts';
import type { Looks } from '../protocol/discovery/noted-looks.ts';

/** The names that matter, by their directory; `every` if all of them do. */
export type Places = Map<string, Set<string> | 'every'>;

/** Directories that are watched for one request; of more, those that were read first. */
const mostDirectories = 4096;

/**
 * The places where something has to change before these discoveries can find anything else: exactly
 * what they have read, and the given files.
 *
 * @param files absolute; files of packs, which discovery does not open
 */
export function placesOf(found: readonly Discovery[], files: Iterable<string>): Places {
  const places: Places = new Map();
  const packs = new Set(found.flatMap(({ identities }) => identities.map((one) => one.directory)));
  // Working directories share roots, and with them what was read there.
  for (const looks of new Set(found.flatMap((each) => each.looks))) addLooks(places, looks, packs);
  for (const file of files) add(places, file);
  return places;
}

/** There may be many packs, and each says itself which of its files matter. */
function addLooks(places: Places, looks: Looks, packs: ReadonlySet<string>): void {
  for (const [path, end] of looks.led) {
    addWithParents(places, path);
    if (isAbsolute(end)) addWithParents(places, end);
  }
  for (const path of looks.stood.keys()) if (!packs.has(dirname(path))) add(places, path);
  for (const directory of looks.listed) if (places.has(directory)) places.set(directory, 'every');
}

/**
 * A parent directory that is renamed, or a link there that is redirected, changes everything below.
 */
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
