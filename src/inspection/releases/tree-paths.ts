import type { Catalog } from '../../protocol/catalog.ts';
import { refuseOverflow } from '../../release/tree-check.ts';
import { listTree } from '../../release/tree.ts';
import type { InspectionContext } from '../context.ts';

/**
 * Every path below `identity/` in a release of the store, deep enough to find all packs, including
 * those whose place no catalog gives.
 */
export async function treePaths(
  context: InspectionContext,
  commit: string,
  catalog: Catalog | undefined,
): Promise<string[]> {
  const places = (catalog?.identities ?? []).flatMap(({ packPath }) => packPath ?? []);
  // Enough to see the markers in `identity/packs/<id>/`, and something inside every listed pack.
  const levels = Math.max(3, ...places.map((place) => place.split('/').length));
  const listing = await listTree(context, { commit, under: 'identity', levels });
  if (listing !== undefined) refuseOverflow(context, listing, 'identity');
  return (listing?.entries ?? []).map(
    ({ parts }) =>
      `identity/${Buffer.concat(
        parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from('/'), part])),
      ).toString('utf8')}`,
  );
}
