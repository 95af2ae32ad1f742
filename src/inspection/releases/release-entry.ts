import type { InstalledRecord } from '../../core/record.ts';
import { catalogPath, parseCatalog } from '../../protocol/catalog.ts';
import type { Members } from '../../protocol/documents/members.ts';
import { readDocument } from '../../release/tree.ts';
import type { StoreContext } from '../../release/context.ts';

/**
 * The entry of an identity in the catalog of the release that it was installed from; undefined if
 * that release has no catalog, or does not list it.
 *
 * @throws InstallError E_CATALOG_INVALID, E_DOCUMENT_INVALID, E_TAG_NOT_FOUND
 */
export async function releaseEntry(
  context: StoreContext,
  { id, release: { commit } }: InstalledRecord,
): Promise<Members | undefined> {
  const bytes = await readDocument(context, { commit, path: catalogPath });
  if (bytes === undefined) return undefined;
  const { identities } = parseCatalog(bytes, catalogPath).catalog;
  return identities.find((entry) => entry.id === id)?.source;
}
