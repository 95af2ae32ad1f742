import { InstallError } from '../core/errors.ts';
import { isIdentityId } from '../core/identity-id.ts';
import { nearestFirst } from '../core/nearest.ts';
import { packMarkers, packPlaces } from '../core/pack-places.ts';
import type { PackPath } from '../core/path.ts';
import { nameOneOf, steps } from '../core/remedy.ts';
import type { Catalog } from './catalog.ts';

interface ReleaseContents {
  /** Undefined for a release without one. */
  readonly catalog: Catalog | undefined;
  /** Every file of the release. */
  readonly treePaths: Iterable<PackPath>;
}

/**
 * The directory of an identity's pack (docs/protocol.md#where-packs-are): where the catalog says it
 * is, or in the usual places (`packPlaces`) if the catalog does not say. If the catalog names a
 * place where nothing exists, no other place is tried.
 *
 * @throws InstallError E_PACK_MISSING; the remedy names the ids that can be chosen
 */
export function findPack(options: ReleaseContents & { readonly id: string }): PackPath {
  const { id } = options;
  const packs = packDirectories(options);
  const found = packs.get(id);
  if (found !== undefined) return found;
  const packPath =
    options.catalog?.identities.find((entry) => entry.id === id)?.packPath ?? undefined;
  const choosable = nearestFirst(id, packs.keys());
  throw new InstallError(
    'E_PACK_MISSING',
    packPath === undefined
      ? `The release holds no identity "${id}".`
      : `The release lists the identity "${id}", but nothing exists at ${packPath}.`,
    {
      remedy: nameOneOf(
        id,
        choosable,
        steps('This release holds no identity at all.', {
          kind: 'option',
          option: 'release',
          to: 'choose another release',
        }),
      ),
      details: { id, choosable, ...(packPath !== undefined && { packPath }) },
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
  const conventional = new Map<string, PlacedPack>();
  for (const path of treePaths) {
    for (const place of missing) if (path.startsWith(`${place}/`)) missing.delete(place);
    const found = conventionalPack(path);
    if (found === undefined) continue;
    // The earlier place wins, whichever file comes first.
    const known = conventional.get(found.id);
    if (known === undefined || found.rank < known.rank) conventional.set(found.id, found);
  }
  const placed = new Set(listed.map(({ id }) => id));
  const packs = new Map(
    listed
      .filter(({ packPath }) => !missing.has(packPath))
      .map(({ id, packPath }) => [id, packPath] as const),
  );
  for (const id of [...conventional.keys()].sort()) {
    const found = conventional.get(id);
    if (found !== undefined && !placed.has(id)) packs.set(id, found.packPath);
  }
  return packs;
}

interface PlacedPack {
  readonly id: string;
  readonly packPath: PackPath;
  /** Of its place. */
  readonly rank: number;
}

/** The pack that a marker file belongs to by its place alone. */
function conventionalPack(path: PackPath): PlacedPack | undefined {
  const parts = path.split('/');
  const [marker = '', id = ''] = [parts.pop(), parts.pop()];
  const place = parts.join('/');
  const rank = packPlaces.indexOf(place);
  if (rank < 0 || !isIdentityId(id) || !packMarkers.includes(marker)) return undefined;
  return { id, packPath: `${place}/${id}`, rank };
}
