import { resolve } from 'node:path';
import { errnoOf, InstallError } from '../../core/errors.ts';
import { nearestFirst } from '../../core/nearest.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { listIdentities, type DiscoveryContext } from '../../protocol/discovery/list-identities.ts';
import type { ListedIdentity } from '../../protocol/discovery/listing.ts';

/** An identity that was found, and where its files are. */
export interface PlacedIdentity {
  readonly listed: ListedIdentity;
  /** Absolute, links resolved. */
  readonly directory: string;
}

/** What the working directory of the server and its home have, nearest first. */
export function placedIdentities(discovery: DiscoveryContext): readonly PlacedIdentity[] {
  const { fs } = discovery;
  return listIdentities({ cwds: [] }, discovery).data.flatMap(({ cwd, identities }) =>
    identities.flatMap((listed) => {
      const directory = realPath(fs, resolve(cwd, listed.packPath));
      return directory === undefined ? [] : [{ listed, directory }];
    }),
  );
}

/** Undefined for a pack that went away since it was found. */
function realPath(fs: ReadFileSystem, path: string): string | undefined {
  try {
    return fs.realPath(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** @throws InstallError E_IDENTITY_UNKNOWN; the hint names those that are there */
export function placedIdentity(discovery: DiscoveryContext, id: string): PlacedIdentity {
  const all = placedIdentities(discovery);
  const found = all.find(({ listed }) => listed.id === id);
  if (found !== undefined) return found;
  const known = nearestFirst(
    id,
    all.map(({ listed }) => listed.id),
  );
  throw new InstallError('E_IDENTITY_UNKNOWN', `There is no identity "${id}" here.`, {
    hint:
      known.length === 0 ? 'There is none at all.' : `There are: ${known.slice(0, 10).join(', ')}.`,
    details: { id },
  });
}
