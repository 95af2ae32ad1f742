import { InstallError } from '../core/errors.ts';
import { locateInstance } from '../instance/locate.ts';
import type { InspectionContext } from './context.ts';

/**
 * Where the files of an identity are: as the local catalog says, or in the usual places.
 *
 * @param packPath the place in the local catalog; null or undefined if it does not give one
 * @returns absolute
 * @throws InstallError E_NOT_INSTALLED if there are none; E_INSTANCE_UNSAFE, E_INSTANCE_AMBIGUOUS
 */
export function requireInstance(
  { fs, layout: { home } }: Pick<InspectionContext, 'fs' | 'layout'>,
  id: string,
  packPath: string | null | undefined,
): string {
  const { path, exists } = locateInstance({
    fs,
    home,
    id,
    ...(packPath != null && { localCatalogPackPath: packPath }),
  });
  if (exists) return path;
  throw new InstallError('E_NOT_INSTALLED', `${id} has no files at ${path}.`, {
    remedy: { kind: 'command', command: 'install', id, to: 'install it' },
    details: { id, home },
  });
}
