import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import { isIdentityId } from '../core/identity-id.ts';
import { packMarkers, packPlaces } from '../core/pack-places.ts';
import type { PackPath } from '../core/path.ts';
import { isPlainPath } from '../core/plain-path.ts';
import type { DirectoryMember, FileView } from './documents/file-view.ts';
import { isMembers, member, type Members } from './documents/members.ts';

/** The packs around one catalog, whatever the catalog's own faults are. */
export interface PackListing {
  /** Those that the catalog lists, in its order; null for one without a pack that can be looked at. */
  readonly listed: ReadonlyMap<string, PackPath | null>;
  /** Those that only their place makes packs, by name. */
  readonly unlisted: ReadonlyMap<string, PackPath>;
  /** The entries of those that are listed, as they stand in the catalog. */
  readonly entries: ReadonlyMap<string, Members>;
  /** Null where the catalog names none. */
  readonly defaultIdentity: string | null;
}

/**
 * Where packs are in a protocol repository (docs/protocol.md#where-packs-are). Reads as much of the
 * catalog as can be read: to say what is wrong with it is the business of the contract `catalog`.
 */
export function listPacks(root: FileView, catalogPath: PackPath): PackListing {
  const document = readTolerantly(root.read(catalogPath), catalogPath);
  const listed = new Map<string, PackPath | null>();
  const entries = new Map<string, Members>();
  const list = member(document, 'identities');
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const id = member(entry, 'id');
    if (!isMembers(entry) || typeof id !== 'string' || !isIdentityId(id) || listed.has(id))
      continue;
    const path = member(entry, 'pack_path');
    const usable = typeof path === 'string' && isPlainPath(path) && root.list(path).length > 0;
    listed.set(id, usable ? path : null);
    entries.set(id, entry);
  }
  const unlisted = new Map<string, PackPath>();
  for (const directory of packPlaces) {
    for (const { name, kind } of root.list(directory)) {
      if (kind !== 'directory' || !isIdentityId(name)) continue;
      if (listed.has(name) || unlisted.has(name)) continue;
      const path = `${directory}/${name}`;
      const isMarker = (at: DirectoryMember) => at.kind === 'file' && packMarkers.includes(at.name);
      if (root.list(path).some(isMarker)) unlisted.set(name, path);
    }
  }
  const chosen = member(document, 'default_identity');
  return {
    listed,
    unlisted,
    entries,
    defaultIdentity: typeof chosen === 'string' && chosen !== '' ? chosen : null,
  };
}

function readTolerantly(bytes: Uint8Array | undefined, path: PackPath): unknown {
  if (bytes === undefined) return undefined;
  try {
    return parseYaml(bytes, { path });
  } catch (error) {
    if (error instanceof InstallError) return undefined;
    throw error;
  }
}
