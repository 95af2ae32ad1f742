import type { HomeLayout } from '../instance/layout.ts';
import { locateInstance, type InstancePlace } from '../instance/locate.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { localCatalogBytes, readLocalCatalog } from '../protocol/local-catalog.ts';

/**
 * The place of an identity in the local catalog of a home, as it is written there; undefined if the
 * catalog gives none.
 */
export function catalogPlace(
  { fs, layout }: { readonly fs: ReadFileSystem; readonly layout: HomeLayout },
  id: string,
): string | undefined {
  const { localCatalog } = layout;
  if (fs.stat(localCatalog) === undefined) return undefined;
  const catalog = readLocalCatalog(localCatalogBytes(fs, localCatalog), localCatalog);
  return catalog.identities.find((entry) => entry.id === id)?.packPath ?? undefined;
}

/**
 * Where the instance of an identity is: as the local catalog says, or in one of the usual places.
 *
 * @throws InstallError E_INSTANCE_UNSAFE, E_INSTANCE_AMBIGUOUS, E_CATALOG_LOCAL
 */
export function locateIdentity(
  home: { readonly fs: ReadFileSystem; readonly layout: HomeLayout },
  id: string,
): InstancePlace {
  const place = catalogPlace(home, id);
  return locateInstance({
    fs: home.fs,
    home: home.layout.home,
    id,
    ...(place !== undefined && { localCatalogPackPath: place }),
  });
}
