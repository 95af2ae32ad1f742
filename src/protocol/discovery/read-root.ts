import { dirname, isAbsolute, join } from 'node:path';
import { parseYaml } from '../../core/bounded-yaml.ts';
import { documentLimits } from '../../core/document.ts';
import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import { packPlaces } from '../../core/pack-places.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readWithin } from '../../platform/files/read-within.ts';
import { catalogPath, readCatalog, readEntryFacts, type EntryFacts } from '../catalog.ts';
import { localCatalogBytes, readLocalEntries } from '../local-catalog.ts';
import { isMembers, member, type Members } from '../documents/members.ts';
import { attempt, type Report } from './attempt.ts';
import { createErrorList } from './error-list.ts';
import { listingErrorCodes, type ListingError, type ListingErrorCode } from './listing.ts';
import { absolutePackDirectory, isPack, packDirectory, staysInside } from './pack-place.ts';
import { pinPath, readPin, type Pin } from './pin.ts';

/** An identity whose pack is there. */
export interface FoundIdentity {
  readonly id: string;
  readonly facts: EntryFacts;
  /** For matching. */
  readonly tags: readonly string[];
  /** Absolute, links resolved. */
  readonly directory: string;
}

/** Everything that one root has to say. */
export interface RootReading {
  /** Each id once, in the order of the catalogs, then those that no catalog lists, by place. */
  readonly identities: readonly FoundIdentity[];
  /** As its catalogs name it: it need not be among the identities. */
  readonly defaultIdentity: string | undefined;
  readonly pin: Pin | undefined;
  readonly errors: readonly ListingError[];
  /** Whether there is a catalog or a pack at all. */
  readonly holdsAnything: boolean;
}

/** In an identity home; `''` is the home itself (PROTOCOL.md §5). */
const homePlaces = ['instances', 'identity', 'identities', ''];

/** Directories that lie where packs may lie, and hold something else. */
const notPacks: ReadonlySet<string> = new Set([...packPlaces, dirname(catalogPath)]);

const localCatalogName = 'catalog.local.yaml';

/**
 * Reads one root: a project or protocol repository, an identity home, or both in one. Whatever is
 * wrong with a part of it is an error of the reading, and the rest is read.
 *
 * @param root absolute, links resolved, a directory
 */
export function readRoot(fs: ReadFileSystem, root: string): RootReading {
  const errors = createErrorList(root);
  const { report } = errors;
  if (!canBeEntered(fs, root, report)) return { ...nothingRead, errors: errors.all() };
  const local = readLocal(fs, root, report);
  const release = readRelease(fs, root, report);

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
    // A catalog that names a place where nothing is, is not second-guessed.
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

/** A root that lets nobody in is one error, and not one for each thing that could be in it. */
function canBeEntered(fs: ReadFileSystem, root: string, report: Report): boolean {
  const inside = join(root, localCatalogName);
  return attempt(report, 'ROOT_UNREADABLE', root, () => [fs.stat(inside)]) !== undefined;
}

function duplicate(loser: FoundIdentity, winner: FoundIdentity): ListingError {
  const message = `"${loser.id}" is there twice; the one in ${winner.directory} counts.`;
  return { code: 'IDENTITY_DUPLICATE', path: loser.directory, message, severity: 'warn' };
}

/** A catalog that lists an id twice contradicts itself; its first word counts. */
function firstOfEach(entries: readonly Entry[], path: string, report: Report): Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ id }) => {
    if (!seen.has(id)) return Boolean(seen.add(id));
    const message = `"${id}" is listed twice; the first entry counts.`;
    report({ code: 'IDENTITY_DUPLICATE', path, message, severity: 'error' });
    return false;
  });
}

interface Entry {
  readonly id: string;
  readonly facts: EntryFacts;
  readonly tags: readonly string[];
  /** Null where the catalog names none; undefined where what it names is no place for a pack. */
  readonly packPath: string | null | undefined;
  readonly absoluteAllowed: boolean;
}

interface ReadEntries {
  /** Of the catalog. */
  readonly path: string;
  readonly entries: readonly Entry[];
  readonly defaultIdentity: string | null;
}

function nothingListed(path: string): ReadEntries {
  return { path, entries: [], defaultIdentity: null };
}

/** `catalog.local.yaml`; undefined where there is none. */
function readLocal(fs: ReadFileSystem, root: string, report: Report): ReadEntries | undefined {
  const path = join(root, localCatalogName);
  return readListed(fs, path, report, () => {
    const { catalog, nameless } = readLocalEntries(localCatalogBytes(fs, path), path);
    const { identities, defaultIdentity } = catalog;
    for (const number of nameless) {
      const message = `Entry ${number} has no id.`;
      report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
    }
    const entries = identities.flatMap(({ id, packPath, source }): Entry[] => {
      if (!isIdentityId(id)) {
        const message = `An entry has no valid id: "${id}".`;
        report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
        return [];
      }
      const facts = readEntryFacts(source, id, (_pointer, message) => {
        report({ code: 'CATALOG_FIELD_INVALID', path, message, severity: 'warn' });
      });
      return [{ id, facts, tags: tagsOf(source), packPath, absoluteAllowed: true }];
    });
    return { path, entries, defaultIdentity };
  });
}

/** `identity/catalog/identities.yaml`; undefined where there is none. */
function readRelease(fs: ReadFileSystem, root: string, report: Report): ReadEntries | undefined {
  const path = join(root, catalogPath);
  return readListed(fs, path, report, () => {
    if (!staysInside(fs, root, dirname(catalogPath))) {
      const message = `${path} lies outside of its root: a link leads there.`;
      report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
      return nothingListed(path);
    }
    const bytes = readWithin(fs, path, documentLimits.bytes);
    if (bytes === undefined) {
      const message = `${path} is larger than ${documentLimits.bytes} bytes.`;
      report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
      return nothingListed(path);
    }
    const { catalog, findings } = readCatalog(bytes, path);
    for (const finding of findings) reportFinding(finding, path, report);
    const entries = catalog.identities.map(({ id, packPath, source, ...facts }): Entry => ({
      id,
      facts,
      tags: tagsOf(source),
      packPath: packPath ?? (member(source, 'pack_path') === undefined ? null : undefined),
      absoluteAllowed: false,
    }));
    return { path, entries, defaultIdentity: catalog.defaultIdentity };
  });
}

/** Free-form in a catalog (PROTOCOL.md §2): what is no list of texts is none. */
function tagsOf(source: Members): string[] {
  const tags = member(source, 'tags');
  return Array.isArray(tags)
    ? (tags as unknown[]).filter((tag): tag is string => typeof tag === 'string')
    : [];
}

/** A catalog that cannot be read or understood lists nothing, and is an error. */
function readListed(
  fs: ReadFileSystem,
  path: string,
  report: Report,
  read: () => ReadEntries,
): ReadEntries | undefined {
  const listed = attempt(report, 'CATALOG_UNREADABLE', path, () => {
    const kind = fs.stat(path)?.kind;
    if (kind === undefined) return 'nothing';
    if (kind !== 'file') {
      const message = `${path} is no regular file (${kind}).`;
      report({ code: 'CATALOG_UNREADABLE', path, message, severity: 'error' });
      return nothingListed(path);
    }
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === 'E_BUG') throw error;
      report({ code: 'CATALOG_INVALID', path, message: error.message, severity: 'error' });
      return nothingListed(path);
    }
  });
  return listed === 'nothing' ? undefined : (listed ?? nothingListed(path));
}

function reportFinding(finding: Finding, path: string, report: Report): void {
  const { severity, message } = finding;
  if (severity === 'info') return;
  report({ code: codeOf(finding), path, message, severity });
}

function codeOf({ severity, code, pointer }: Finding): ListingErrorCode {
  if (severity === 'error') {
    return pointer?.endsWith('/pack_path') === true ? 'PACK_PATH_INVALID' : 'CATALOG_INVALID';
  }
  return Object.hasOwn(listingErrorCodes, code)
    ? (code as ListingErrorCode)
    : 'CATALOG_FIELD_INVALID';
}

function directoryOf(
  fs: ReadFileSystem,
  root: string,
  { id, packPath, absoluteAllowed }: Entry,
  report: Report,
): string | undefined {
  // Told with the catalog; it is not for us to guess what it should have been.
  if (packPath === undefined) return undefined;
  if (packPath !== null && absoluteAllowed && isAbsolute(packPath)) {
    return absolutePackDirectory(fs, id, packPath, report);
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

/** What a pack that no catalog lists says of itself in `META.yaml`; never that it is active. */
function factsOfPack(fs: ReadFileSystem, id: string, directory: string): EntryFacts {
  const path = join(directory, 'META.yaml');
  const meta = attempt(
    () => undefined,
    'PACK_UNREADABLE',
    path,
    () => {
      const bytes =
        fs.stat(path)?.kind === 'file' ? readWithin(fs, path, documentLimits.bytes) : undefined;
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
