import type { HomeLayout } from '../instance/layout.ts';
import { locateInstance, type InstancePlace } from '../instance/locate.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { localCatalogBytes, readLocalCatalog } from '../protocol/local-catalog.ts';

/** Where the local catalog of a home says that an identity lies, if it does; as it is written there. */
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
 * Where the instance of an identity is: where the local catalog has it, else in one of the usual
 * places.
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
