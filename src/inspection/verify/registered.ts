import { InstallError } from '../../core/errors.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import { nameOneOf, steps, type RemedyLike } from '../../core/remedy.ts';
import { catalogPlace } from '../../instance/locate.ts';
import { localCatalogBytes, readLocalCatalog } from '../../protocol/local-catalog.ts';
import type { InspectionContext } from '../context.ts';
import { repositoryAround } from '../../protocol/repository-around.ts';
import { installedIds } from '../../engine/trail/installed.ts';

/** An identity that the local catalog lists, but that is not installed in the home. */
export interface RegisteredIdentity {
  readonly id: string;
  /** Absolute; null if the catalog does not say. */
  readonly pack: string | null;
  /** The protocol repository that contains the pack, which is never installed over. */
  readonly repository: string | null;
}

/**
 * What the local catalog lists besides what is installed: there is no record to verify it against.
 * A catalog that cannot be read lists nothing here; `identity verify --all` names it as damaged.
 *
 * @param installed ids that are, or should be, installed
 * @throws InstallError E_INSTANCE_UNSAFE, E_NOT_TRUSTED for a place that the catalog must not name
 */
export function registeredOnly(
  { fs, layout }: Pick<InspectionContext, 'fs' | 'layout'>,
  installed: Iterable<string>,
): RegisteredIdentity[] {
  const { home, localCatalog } = layout;
  if (fs.stat(localCatalog) === undefined) return [];
  const known = new Set(installed);
  try {
    const { identities } = readLocalCatalog(localCatalogBytes(fs, localCatalog), localCatalog);
    return identities
      .filter(({ id }) => isIdentityId(id) && !known.has(id))
      .map(({ id, packPath }) => {
        const pack = packPath === null ? null : catalogPlace(fs, home, packPath);
        const repository = pack === null ? undefined : repositoryAround(fs, home, pack);
        return { id, pack, repository: repository ?? null };
      });
  } catch (error) {
    if (error instanceof InstallError && error.code === 'E_CATALOG_LOCAL') return [];
    throw error;
  }
}

/** Why an identity without a record cannot be verified. */
export function notInstalled(context: InspectionContext, id: string): InstallError {
  const { home } = context.layout;
  const installed = installedIds(context);
  const registered = registeredOnly(context, installed).find((entry) => entry.id === id);
  if (registered === undefined) {
    return new InstallError('E_NOT_INSTALLED', `${id} is not installed in ${home}.`, {
      remedy: nameOneOf(id, installed, {
        kind: 'command',
        command: 'install',
        id,
        to: 'install it',
      }),
    });
  }
  const { pack, repository } = registered;
  const place = pack === null ? '' : ` with its pack at ${pack}`;
  const way: RemedyLike =
    repository === null
      ? { kind: 'command', command: 'install', id, to: 'install it' }
      : 'To install it, name another home, or take its entry out of catalog.local.yaml first.';
  return new InstallError(
    'E_NOT_INSTALLED',
    `${id} is registered in the local catalog of ${home}${place}, but not installed there.`,
    {
      remedy: steps({ kind: 'command', command: 'validate', id, to: 'check its pack' }, way),
      details: { id, home, pack },
    },
  );
}
