import { InstallError } from '../core/errors.ts';
import { isIdentityId } from '../core/identity-id.ts';
import { nearestFirst } from '../core/nearest.ts';
import type { PackPath } from '../core/path.ts';
import type { Catalog } from './catalog.ts';

interface ReleaseContents {
  /** Undefined for a release without one. */
  readonly catalog: Catalog | undefined;
  /** Every file of the release. */
  readonly treePaths: Iterable<PackPath>;
}

/** Files that make a directory a pack where no catalog says so. */
const markers = new Set(['IDENTITY_PROMPT.md', 'CURRENT_TASK.json']);

/**
 * The directory of an identity's pack (PROTOCOL.md §1): where the catalog says it is; for an
 * identity that the catalog does not place, `identity/packs/<id>`, then legacy `identity/<id>`.
 * A catalog that names a place where nothing is, is not second-guessed.
 *
 * @throws InstallError E_PACK_MISSING; the hint names the ids that can be chosen
 */
export function findPack(options: ReleaseContents & { readonly id: string }): PackPath {
  const { id } = options;
  const packs = packDirectories(options);
  const found = packs.get(id);
  if (found !== undefined) return found;
  const named = options.catalog?.identities.find((entry) => entry.id === id)?.packPath ?? undefined;
  const choosable = nearestFirst(id, packs.keys());
  throw new InstallError(
    'E_PACK_MISSING',
    named === undefined
      ? `The release holds no identity "${id}".`
      : `The release lists the identity "${id}", but nothing is at ${named}.`,
    {
      hint:
        choosable.length === 0
          ? 'This release holds no identity at all; choose another with --release.'
          : `It holds: ${choosable.slice(0, 10).join(', ')}.`,
      details: { id, choosable, ...(named !== undefined && { packPath: named }) },
    },
  );
}

/** The ids that `findPack` finds: the catalog's in its order, then the others by name. */
export function choosableIds(options: ReleaseContents): string[] {
  return [...packDirectories(options).keys()];
}

function packDirectories({ catalog, treePaths }: ReleaseContents): Map<string, PackPath> {
  const listed = (catalog?.identities ?? []).flatMap(({ id, packPath }) =>
    packPath === null ? [] : [{ id, packPath }],
  );
  const missing = new Set(listed.map(({ packPath }) => packPath));
  const conventional = new Map<string, PackPath>();
  for (const path of treePaths) {
    for (const place of missing) if (path.startsWith(`${place}/`)) missing.delete(place);
    const place = conventionalPack(path);
    if (place === undefined) continue;
    // `identity/packs/<id>` goes before `identity/<id>`, whichever comes first.
    if (place.current || !conventional.has(place.id)) conventional.set(place.id, place.packPath);
  }
  const placed = new Set(listed.map(({ id }) => id));
  const packs = new Map(
    listed
      .filter(({ packPath }) => !missing.has(packPath))
      .map(({ id, packPath }) => [id, packPath] as const),
  );
  for (const id of [...conventional.keys()].sort()) {
    if (!placed.has(id)) packs.set(id, conventional.get(id) ?? '');
  }
  return packs;
}

/** Where releases keep the pack of an identity by convention: the usual place, and the legacy one. */
export function conventionalPlaces(id: string): readonly PackPath[] {
  return [`identity/packs/${id}`, `identity/${id}`];
}

/** The pack that a marker file belongs to by its place alone. */
function conventionalPack(
  path: PackPath,
): { id: string; packPath: PackPath; current: boolean } | undefined {
  const parts = path.split('/');
  const current = parts.length === 4 && parts[1] === 'packs';
  const [root, id, marker] = current ? [parts[0], parts[2], parts[3]] : parts;
  if (root !== 'identity' || (!current && parts.length !== 3)) return undefined;
  if (id === undefined || !isIdentityId(id) || !markers.has(marker ?? '')) return undefined;
  return { id, packPath: parts.slice(0, -1).join('/'), current };
}
