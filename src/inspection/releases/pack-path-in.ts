import { InstallError } from '../../core/errors.ts';
import type { PackPath } from '../../core/path.ts';
import { catalogPath, parseCatalog } from '../../protocol/catalog.ts';
import { findPack } from '../../protocol/find-pack.ts';
import { readDocument } from '../../release/tree.ts';
import type { InspectionContext } from '../context.ts';
import { treePaths } from './tree-paths.ts';

/** Where a release of the store keeps a pack; undefined if the release cannot be read. */
export async function packPathIn(
  context: InspectionContext,
  commit: string,
  id: string,
): Promise<PackPath | undefined> {
  try {
    const bytes = await readDocument(context, { commit, path: catalogPath });
    const catalog = bytes === undefined ? undefined : parseCatalog(bytes, catalogPath).catalog;
    return findPack({ catalog, treePaths: await treePaths(context, commit, catalog), id });
  } catch (error) {
    if (error instanceof InstallError && error.exitCode !== 130 && error.exitCode !== 70) {
      return undefined;
    }
    throw error;
  }
}
