import { dirname, join } from 'node:path';
import { documentLimits } from '../../core/document.ts';
import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readBounded } from '../../platform/files/read-bounded.ts';
import { catalogPath, readCatalog, readEntryFacts, type EntryFacts } from '../catalog.ts';
import { member, type Members } from '../documents/members.ts';
import { localCatalogBytes, readLocalEntries } from '../local-catalog.ts';
import { attempt, type Report } from './attempt.ts';
import { listingErrorCodes, type ListingErrorCode } from './listing.ts';
import { staysInside } from './pack-place.ts';

export const localCatalogName = 'catalog.local.yaml';

/** What a catalog says about one identity, wherever its pack is. */
export interface RootEntry {
  readonly id: string;
  readonly facts: EntryFacts;
  readonly tags: readonly string[];
  /** Null if the catalog does not give it; undefined if it cannot be the place of a pack. */
  readonly packPath: string | null | undefined;
  readonly absoluteAllowed: boolean;
}

/** What one catalog of a root lists. */
export interface RootCatalog {
  /** Of the catalog. */
  readonly path: string;
  readonly entries: readonly RootEntry[];
  readonly defaultIdentity: string | null;
}

function nothingListed(path: string): RootCatalog {
  return { path, entries: [], defaultIdentity: null };
}

/** `catalog.local.yaml`; undefined if there is none. */
export function readLocalCatalogOf(
  fs: ReadFileSystem,
  root: string,
  report: Report,
): RootCatalog | undefined {
  const path = join(root, localCatalogName);
  return readListed(fs, path, report, () => {
    const { catalog, nameless } = readLocalEntries(localCatalogBytes(fs, path), path);
    const { identities, defaultIdentity } = catalog;
    for (const number of nameless) {
      const message = `Entry ${number} has no id.`;
      report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
    }
    const entries = identities.flatMap(({ id, packPath, source }): RootEntry[] => {
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

/** `identity/catalog/identities.yaml`; undefined if there is none. */
export function readReleaseCatalogOf(
  fs: ReadFileSystem,
  root: string,
  report: Report,
): RootCatalog | undefined {
  const path = join(root, catalogPath);
  return readListed(fs, path, report, () => {
    if (!staysInside(fs, root, dirname(catalogPath))) {
      const message = `${path} lies outside its root: a link leads there.`;
      report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
      return nothingListed(path);
    }
    const bytes = readBounded(fs, path, documentLimits.bytes);
    if (bytes === undefined) {
      const message = `${path} is larger than ${documentLimits.bytes} bytes.`;
      report({ code: 'CATALOG_INVALID', path, message, severity: 'error' });
      return nothingListed(path);
    }
    const { catalog, findings } = readCatalog(bytes, path);
    for (const finding of findings) reportFinding(finding, path, report);
    const entries = catalog.identities.map(({ id, packPath, source, ...facts }): RootEntry => ({
      id,
      facts,
      tags: tagsOf(source),
      packPath: packPath ?? (member(source, 'pack_path') === undefined ? null : undefined),
      absoluteAllowed: false,
    }));
    return { path, entries, defaultIdentity: catalog.defaultIdentity };
  });
}

/**
 * Free-form in a catalog (docs/protocol.md#catalogs): a value other than a list of texts counts as
 * empty.
 */
function tagsOf(source: Members): string[] {
  const tags = member(source, 'tags');
  return Array.isArray(tags)
    ? (tags as unknown[]).filter((tag): tag is string => typeof tag === 'string')
    : [];
}

/** A catalog that cannot be read or understood lists nothing, and is reported as an error. */
function readListed(
  fs: ReadFileSystem,
  path: string,
  report: Report,
  read: () => RootCatalog,
): RootCatalog | undefined {
  const listed = attempt(report, 'CATALOG_UNREADABLE', path, () => {
    const kind = fs.stat(path)?.kind;
    if (kind === undefined) return 'nothing';
    if (kind !== 'file') {
      const message = `${path} is not a regular file (${kind}).`;
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

/** A catalog that lists an id twice contradicts itself; the first entry is used. */
export function firstOfEach(
  entries: readonly RootEntry[],
  path: string,
  report: Report,
): RootEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ id }) => {
    if (!seen.has(id)) return Boolean(seen.add(id));
    const message = `"${id}" is listed twice; the first entry is used.`;
    report({ code: 'IDENTITY_DUPLICATE', path, message, severity: 'error' });
    return false;
  });
}
