import { parseYaml } from '../core/bounded-yaml.ts';
import { documentLimits, documentText } from '../core/document.ts';
import { InstallError } from '../core/errors.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { readWithin } from '../platform/read-within.ts';
import { isMembers, member, type Members } from './members.ts';

/** One identity of the local catalog; null where the entry does not say. */
export interface LocalCatalogEntry {
  readonly id: string;
  readonly status: string | null;
  /** As written: relative to the home, or absolute. */
  readonly packPath: string | null;
  readonly source: Members;
}

export interface LocalCatalog {
  /** Null for none or an empty one. */
  readonly defaultIdentity: string | null;
  readonly identities: readonly LocalCatalogEntry[];
}

/**
 * The bytes of `catalog.local.yaml`, which exists.
 *
 * @throws InstallError E_CATALOG_LOCAL when it is larger than any document may be
 */
export function localCatalogBytes(fs: ReadFileSystem, path: string): Buffer {
  const { bytes: limit } = documentLimits;
  return readWithin(fs, path, limit) ?? localCatalogUnreadable(path, `it is over ${limit} bytes`);
}

/**
 * The text of `catalog.local.yaml`, to be edited: what is no UTF-8 would come back as other bytes.
 *
 * @throws InstallError E_CATALOG_LOCAL
 */
export function localCatalogText(bytes: Uint8Array, path: string): string {
  return readable(path, () => documentText(bytes, path, documentLimits));
}

/**
 * Reads `catalog.local.yaml`. Older tools wrote it too, so whatever is not needed may be there or
 * missing; but a file that cannot be understood is never taken for an empty one.
 *
 * @param path for messages
 * @throws InstallError E_CATALOG_LOCAL
 */
export function readLocalCatalog(bytes: Uint8Array, path: string): LocalCatalog {
  const document = readable(path, () => parseYaml(bytes, { path }));
  if (document === undefined || document === null) return { defaultIdentity: null, identities: [] };
  if (!isMembers(document)) return localCatalogUnreadable(path, 'it is no mapping');
  const list = member(document, 'identities') ?? [];
  if (!Array.isArray(list)) return localCatalogUnreadable(path, 'identities is no list');
  const identities = (list as unknown[]).map((source, index): LocalCatalogEntry => {
    const id = member(source, 'id');
    if (!isMembers(source) || typeof id !== 'string') {
      return localCatalogUnreadable(path, `entry ${index + 1} has no id`);
    }
    return {
      id,
      status: textOrNull(member(source, 'status')),
      packPath: textOrNull(member(source, 'pack_path')),
      source,
    };
  });
  const ids = identities.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return localCatalogUnreadable(path, `the id "${twice}" is listed twice`);
  return { defaultIdentity: textOrNull(member(document, 'default_identity')), identities };
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
      hint: 'Repair it by hand, or move it away; it is not changed until it can be read.',
      details: { path, problem },
      ...(cause !== undefined && { cause }),
    },
  );
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
