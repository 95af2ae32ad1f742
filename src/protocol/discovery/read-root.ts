import { dirname, isAbsolute, join } from 'node:path';
import { parseYaml } from '../../core/bounded-yaml.ts';
import { documentLimits } from '../../core/document.ts';
import { InstallError } from '../../core/errors.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import { packPlaces } from '../../core/pack-places.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readBounded } from '../../platform/files/read-bounded.ts';
import { catalogPath, readEntryFacts, type EntryFacts } from '../catalog.ts';
import { isMembers, member } from '../documents/members.ts';
import { attempt, type Report } from './attempt.ts';
import { createErrorList } from './error-list.ts';
import type { ListingError } from './listing.ts';
import { absolutePackDirectory, isPack, packDirectory, staysInside } from './pack-place.ts';
import { pinPath, readPin, type Pin } from './pin.ts';
import {
  firstOfEach,
  localCatalogName,
  readLocalCatalogOf,
  readReleaseCatalogOf,
  type RootEntry,
} from './root-catalogs.ts';

/** An identity whose pack exists. */
export interface FoundIdentity {
  readonly id: string;
  readonly facts: EntryFacts;
  /** For matching. */
  readonly tags: readonly string[];
  /** Absolute, links resolved. */
  readonly directory: string;
}

/** Everything that one root provides. */
export interface RootReading {
  /**
   * Each id once, in the order of the catalogs, followed by those that no catalog lists, by place.
   */
  readonly identities: readonly FoundIdentity[];
  /** As its catalogs give it; it need not be among the identities. */
  readonly defaultIdentity: string | undefined;
  readonly pin: Pin | undefined;
  readonly errors: readonly ListingError[];
  /** Whether there is any catalog or pack. */
  readonly holdsAnything: boolean;
}

/** In an identity home; `''` is the home itself (docs/protocol.md#homes-and-scopes). */
const homePlaces = ['instances', 'identity', 'identities', ''];

/** Directories in the places of packs that hold something else. */
const notPacks: ReadonlySet<string> = new Set([...packPlaces, dirname(catalogPath)]);

/**
 * Reads one root: a project or protocol repository, an identity home, or both in one. A problem
 * with a part of it is reported as an error, and the rest is still read.
 *
 * @param root absolute, links resolved, a directory
 */
export function readRoot(fs: ReadFileSystem, root: string): RootReading {
  const errors = createErrorList(root);
  const { report } = errors;
  if (!canBeEntered(fs, root, report)) return { ...nothingRead, errors: errors.all() };
  const local = readLocalCatalogOf(fs, root, report);
  const release = readReleaseCatalogOf(fs, root, report);

  const byId = new Map<string, FoundIdentity>();
  const directories = new Set<string>();
  const unusable = new Set<string>();
  const add = (found: FoundIdentity): void => {
    const first = byId.get(found.id);
    directories.add(found.directory);
    if (first === undefined) byId.set(found.id, found);
    // Two catalogs may well list one pack.
    else if (first.directory !== found.directory) report(duplicate(found, first));
  };
  for (const { path, entries } of [local, release].filter((each) => each !== undefined)) {
    for (const entry of firstOfEach(entries, path, report)) {
      const directory = directoryOf(fs, root, entry, report);
      if (directory === undefined) unusable.add(entry.id);
      else add({ id: entry.id, facts: entry.facts, tags: entry.tags, directory });
    }
  }
  for (const { id, directory } of packsByPlace(fs, root, report)) {
    // If a catalog names a place where nothing exists, no other place is tried.
    if (directories.has(directory) || (unusable.has(id) && !byId.has(id))) continue;
    const unlisted = !byId.has(id);
    add({ id, facts: factsOfPack(fs, id, directory), tags: [], directory });
    if (unlisted) {
      const message = `No catalog of ${root} lists the pack of "${id}".`;
      report({ code: 'IDENTITY_UNLISTED', path: directory, message, severity: 'warn' });
    }
  }
  return {
    identities: [...byId.values()],
    defaultIdentity: local?.defaultIdentity ?? release?.defaultIdentity ?? undefined,
    pin: attempt(report, 'PIN_INVALID', join(root, pinPath), () => readPin(fs, root, report)),
    errors: errors.all(),
    holdsAnything: local !== undefined || release !== undefined || byId.size > 0,
  };
}

const nothingRead = {
  identities: [],
  defaultIdentity: undefined,
  pin: undefined,
  holdsAnything: false,
};

/** A root that cannot be read is one error, and not one for each thing that could be in it. */
function canBeEntered(fs: ReadFileSystem, root: string, report: Report): boolean {
  const inside = join(root, localCatalogName);
  return attempt(report, 'ROOT_UNREADABLE', root, () => [fs.stat(inside)]) !== undefined;
}

function duplicate(loser: FoundIdentity, winner: FoundIdentity): ListingError {
  const message = `"${loser.id}" exists twice; the one in ${winner.directory} is used.`;
  return { code: 'IDENTITY_DUPLICATE', path: loser.directory, message, severity: 'warn' };
}

function directoryOf(
  fs: ReadFileSystem,
  root: string,
  { id, packPath, absoluteAllowed }: RootEntry,
  report: Report,
): string | undefined {
  // Reported with the catalog; the intended value must not be guessed.
  if (packPath === undefined) return undefined;
  if (packPath !== null && absoluteAllowed && isAbsolute(packPath)) {
    return absolutePackDirectory(fs, root, id, packPath, report);
  }
  if (packPath !== null) return packDirectory(fs, root, id, packPath, report);
  const places = [...packPlaces, ...homePlaces].map((place) => join(place, id));
  const place = places.find(
    (each) =>
      attempt(report, 'PACK_UNREADABLE', join(root, each), () => isPack(fs, join(root, each))) ===
      true,
  );
  return packDirectory(fs, root, id, place ?? `identity/packs/${id}`, report);
}

/** Packs in the places where packs belong, whatever a catalog says. */
function packsByPlace(
  fs: ReadFileSystem,
  root: string,
  report: Report,
): { id: string; directory: string }[] {
  const exists = (name: string): boolean =>
    attempt(report, 'ROOT_UNREADABLE', join(root, name), () => fs.stat(join(root, name))) !==
    undefined;
  // Any directory of a project could be called `instances`, or hold a prompt of its own.
  const isHome = exists(localCatalogName) || exists('.identity-install');
  const places = new Set([...packPlaces, ...(isHome ? homePlaces : [])]);
  return [...places].flatMap((place) => {
    const parent = join(root, place);
    return (
      attempt(report, 'ROOT_UNREADABLE', parent, () => {
        if (fs.stat(parent)?.kind !== 'directory') return [];
        if (place !== '' && !staysInside(fs, root, place)) return [];
        return fs.list(parent).flatMap((id) => {
          const directory = join(parent, id);
          if (!isIdentityId(id) || notPacks.has(join(place, id))) return [];
          if (fs.stat(directory)?.kind !== 'directory') return [];
          const pack = attempt(report, 'PACK_UNREADABLE', directory, () => isPack(fs, directory));
          return pack === true ? [{ id, directory }] : [];
        });
      }) ?? []
    );
  });
}

/** What a pack that no catalog lists says about itself in `META.yaml`; it is never active. */
function factsOfPack(fs: ReadFileSystem, id: string, directory: string): EntryFacts {
  const path = join(directory, 'META.yaml');
  const meta = attempt(
    () => undefined,
    'PACK_UNREADABLE',
    path,
    () => {
      const bytes =
        fs.stat(path)?.kind === 'file' ? readBounded(fs, path, documentLimits.bytes) : undefined;
      try {
        return bytes && parseYaml(bytes, { path });
      } catch (error) {
        if (error instanceof InstallError && error.code === 'E_DOCUMENT_INVALID') return undefined;
        throw error;
      }
    },
  );
  const own = isMembers(meta) && member(meta, 'id') === id ? meta : {};
  return { ...readEntryFacts(own, id, () => undefined), status: 'inactive' };
}
