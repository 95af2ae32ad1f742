import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import { isIdentityId } from '../core/identity-id.ts';
import { packMarkers, packPlaces } from '../core/pack-places.ts';
import type { PackPath } from '../core/path.ts';
import { isPlainPath } from '../core/plain-path.ts';
import type { DirectoryMember, FileView } from './documents/file-view.ts';
import { isMembers, member, type Members } from './documents/members.ts';

/** The packs around one catalog, even if the catalog itself has defects. */
export interface PackListing {
  /** Those that the catalog lists, in its order; null for one whose pack cannot be read. */
  readonly listed: ReadonlyMap<string, PackPath | null>;
  /** Packs that are recognised only by their place, by name. */
  readonly unlisted: ReadonlyMap<string, PackPath>;
  /** The unchanged catalog entries of those that are listed. */
  readonly entries: ReadonlyMap<string, Members>;
  /** Null if the catalog does not give it. */
  readonly defaultIdentity: string | null;
}

/**
 * Where packs are in a protocol repository (docs/protocol.md#where-packs-are). Reads as much of the
 * catalog as can be read; the contract `catalog` reports what is wrong with it.
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
