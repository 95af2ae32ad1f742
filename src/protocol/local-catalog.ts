import { parseYaml } from '../core/bounded-yaml.ts';
import { documentLimits, documentText } from '../core/document.ts';
import { InstallError } from '../core/errors.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { readBounded } from '../platform/files/read-bounded.ts';
import { isMembers, member, type Members } from './documents/members.ts';

/** One identity of the local catalog; null if the entry does not say. */
export interface LocalCatalogEntry {
  readonly id: string;
  readonly status: string | null;
  /** As written: relative to the home, or absolute. */
  readonly packPath: string | null;
  readonly source: Members;
}

export interface LocalCatalog {
  /** Null if it is missing or empty. */
  readonly defaultIdentity: string | null;
  readonly identities: readonly LocalCatalogEntry[];
}

/**
 * The bytes of `catalog.local.yaml`, which exists.
 *
 * @throws InstallError E_CATALOG_LOCAL if it is larger than any document may be
 */
export function localCatalogBytes(fs: ReadFileSystem, path: string): Buffer {
  const { bytes: limit } = documentLimits;
  return (
    readBounded(fs, path, limit) ?? localCatalogUnreadable(path, `it is larger than ${limit} bytes`)
  );
}

/**
 * The text of `catalog.local.yaml`, for editing: bytes other than UTF-8 would be changed.
 *
 * @throws InstallError E_CATALOG_LOCAL
 */
export function localCatalogText(bytes: Uint8Array, path: string): string {
  return readable(path, () => documentText(bytes, path, documentLimits));
}

/**
 * Reads `catalog.local.yaml`. Older tools wrote it too, so everything that is not needed is
 * optional; but a file that cannot be understood is never treated as empty.
 *
 * @param path for messages
 * @throws InstallError E_CATALOG_LOCAL
 */
export function readLocalCatalog(bytes: Uint8Array, path: string): LocalCatalog {
  const { catalog, nameless } = readLocalEntries(bytes, path);
  const [first] = nameless;
  if (first !== undefined) return localCatalogUnreadable(path, `entry ${first} has no id`);
  const seen = new Set<string>();
  for (const { id } of catalog.identities) {
    if (seen.has(id)) return localCatalogUnreadable(path, `the id "${id}" is listed twice`);
    seen.add(id);
  }
  return catalog;
}

/**
 * The same for a tolerant reader: entries without an id are left out, and an id that is listed
 * twice is returned twice.
 *
 * @returns nameless: the numbers, from 1, of the entries without an id
 * @throws InstallError E_CATALOG_LOCAL
 */
export function readLocalEntries(
  bytes: Uint8Array,
  path: string,
): { readonly catalog: LocalCatalog; readonly nameless: readonly number[] } {
  const document = readable(path, () => parseYaml(bytes, { path }));
  if (document === undefined || document === null) {
    return { catalog: { defaultIdentity: null, identities: [] }, nameless: [] };
  }
  if (!isMembers(document)) return localCatalogUnreadable(path, 'it is not a mapping');
  const list = member(document, 'identities') ?? [];
  if (!Array.isArray(list)) return localCatalogUnreadable(path, 'identities is not a list');
  const nameless: number[] = [];
  const identities = (list as unknown[]).flatMap((source, index): LocalCatalogEntry[] => {
    const id = member(source, 'id');
    if (!isMembers(source) || typeof id !== 'string') {
      nameless.push(index + 1);
      return [];
    }
    const status = textOrNull(member(source, 'status'));
    return [{ id, status, packPath: textOrNull(member(source, 'pack_path')), source }];
  });
  const defaultIdentity = textOrNull(member(document, 'default_identity'));
  return { catalog: { defaultIdentity, identities }, nameless };
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    return localCatalogUnreadable(path, error.message, error);
  }
}

/** @throws InstallError E_CATALOG_LOCAL */
export function localCatalogUnreadable(path: string, problem: string, cause?: unknown): never {
  throw new InstallError(
    'E_CATALOG_LOCAL',
    `The local catalog ${path} cannot be read: ${problem}.`,
    {
      remedy: 'Repair it by hand, or move it away; it is not changed until it can be read.',
      details: { path, problem },
      ...(cause !== undefined && { cause }),
    },
  );
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
