import type { PackPath } from '../../core/path.ts';
import { catalogPath } from '../catalog.ts';
import { schemaDocuments } from '../schemas.ts';
import { catalogEntry } from './catalog-entry.ts';
import { describePack, type PackOptions } from './pack-options.ts';
import { packDirectory } from './places.ts';
import { addToCatalog, scaffoldCatalog } from './scaffold-catalog.ts';
import { scaffoldPack } from './scaffold-pack.ts';
import { day, jsonText } from './text.ts';

export interface RepositoryOptions extends PackOptions {
  /** The text of the repository's catalog; undefined for a repository without one. */
  readonly catalog?: string;
  /** Make the new identity the default of an existing catalog. */
  readonly makeDefault?: boolean;
}

/**
 * What a new identity adds to a protocol repository, new or existing, by path from its root: the
 * pack, the catalog with its entry, and the schemas that both refer to, so that editors check
 * them without a network. Nothing is written here.
 *
 * @throws InstallError E_ID_INVALID, E_ID_RESERVED, E_CREATE_TEXT, E_CATALOG_INVALID,
 *   E_DOCUMENT_INVALID, E_ID_TAKEN
 */
export function scaffoldRepository(options: RepositoryOptions): ReadonlyMap<PackPath, Uint8Array> {
  const { catalog, makeDefault = false, now } = options;
  const pack = describePack(options);
  const addition = { entry: catalogEntry(pack), makeDefault, today: day(now) };
  const text = catalog === undefined ? scaffoldCatalog(addition) : addToCatalog(catalog, addition);
  const encoder = new TextEncoder();
  const files = new Map<PackPath, Uint8Array>([[catalogPath, encoder.encode(text)]]);
  for (const [path, schema] of schemaDocuments) {
    files.set(`identity/schemas/${path}`, encoder.encode(jsonText(schema)));
  }
  for (const [path, bytes] of scaffoldPack(options)) {
    files.set(`${packDirectory(pack.id)}/${path}`, bytes);
  }
  return files;
}
