import { documentLimits, documentText } from '../../core/document.ts';
import { InstallError } from '../../core/errors.ts';
import type { PackPath } from '../../core/path.ts';
import { catalogPath } from '../catalog.ts';
import type { FileView } from '../documents/file-view.ts';
import { describePack, type PackOptions } from './pack-options.ts';
import { packDirectory } from './places.ts';
import { scaffoldRepository } from './scaffold-repository.ts';

/** What a new identity changes in a repository. */
export interface Creation {
  readonly id: string;
  /** The directory of its pack. */
  readonly pack: PackPath;
  /** Files that do not exist yet. */
  readonly create: ReadonlyMap<PackPath, Uint8Array>;
  /** The catalog with one more entry, if there is a catalog. */
  readonly replace: ReadonlyMap<
    PackPath,
    { readonly before: Uint8Array; readonly after: Uint8Array }
  >;
}

/**
 * What `scaffoldRepository` changes in an existing repository: the pack must be new, the catalog
 * gets an entry, and existing schemas stay unchanged. Nothing is written here.
 *
 * @throws InstallError E_CREATE_EXISTS, and what `scaffoldRepository` throws
 */
export function planCreation(
  root: FileView,
  options: PackOptions & { readonly makeDefault?: boolean },
): Creation {
  const { id } = describePack(options);
  const pack = packDirectory(id);
  if (root.list(pack).length > 0) throw taken(pack);
  const before = root.read(catalogPath);
  const catalog = before && documentText(before, root.show(catalogPath), documentLimits);
  const all = scaffoldRepository({ ...options, ...(catalog !== undefined && { catalog }) });
  const create = new Map<PackPath, Uint8Array>();
  const replace = new Map<PackPath, { before: Uint8Array; after: Uint8Array }>();
  for (const [path, bytes] of all) {
    if (path === catalogPath && before !== undefined) replace.set(path, { before, after: bytes });
    else if (path.startsWith(`${pack}/`) || root.read(path) === undefined) create.set(path, bytes);
  }
  return { id, pack, create, replace };
}

/** @param path of what is in the way */
export function taken(path: string): InstallError {
  return new InstallError('E_CREATE_EXISTS', `Something already exists at ${path}.`, {
    remedy: 'Nothing was written. Move it away, or choose another id or place.',
    details: { path },
  });
}
