import {
  discoverIdentities,
  type DiscoveryContext,
} from '../../protocol/discovery/list-identities.ts';
import type { ListedIdentity } from '../../protocol/discovery/listing.ts';
import type { PackListLimits } from '../../protocol/discovery/read-pack.ts';
import { unknownIdentity } from '../../protocol/unknown-identity.ts';

/** How many files of one identity are resources, and how deep they may lie. */
export const resourceLimits: PackListLimits = { files: 10_000, depth: 32 };

/** An identity that was found, and where its files are. */
export interface PlacedIdentity {
  readonly listed: ListedIdentity;
  /** Absolute, links resolved. */
  readonly directory: string;
}

/** The identities in the working directory of the server and its home, nearest first. */
export function placedIdentities(discovery: DiscoveryContext): readonly PlacedIdentity[] {
  return discoverIdentities({ cwds: [] }, discovery).flatMap(({ listing, identities }) => {
    const directories = new Map(identities.map(({ id, directory }) => [id, directory]));
    return listing.identities.flatMap((listed) => {
      const directory = directories.get(listed.id);
      return directory === undefined ? [] : [{ listed, directory }];
    });
  });
}

/** @throws InstallError E_ID_UNKNOWN; the remedy names those that exist */
export function placedIdentity(discovery: DiscoveryContext, id: string): PlacedIdentity {
  const all = placedIdentities(discovery);
  const found = all.find(({ listed }) => listed.id === id);
  if (found !== undefined) return found;
  const known = all.map(({ listed }) => listed.id);
  throw unknownIdentity(id, known, { none: 'There are no identities here at all.' });
}
