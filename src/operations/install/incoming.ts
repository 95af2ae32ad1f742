import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { checkIdentityId } from '../../core/identity-id.ts';
import type { PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import { steps } from '../../core/remedy.ts';
import { catalogPath, parseCatalog, type Catalog } from '../../protocol/catalog.ts';
import { choosableIds, findPack } from '../../protocol/find-pack.ts';
import { resolveRelease } from '../../release/resolve.ts';
import { parseSource } from '../../release/parse-source.ts';
import { readDocument } from '../../release/tree.ts';
import type { OperationContext } from '../context.ts';
import { treePaths } from '../../inspection/releases/tree-paths.ts';
import { refuseSourceAround } from './overlap.ts';
import { chooseSource, refuseStraySource } from './source-choice.ts';
import type { InstallRequest } from './request.ts';

/** A fetched release, and which of its identities this run is about. */
export interface Incoming {
  readonly release: ResolvedRelease;
  readonly catalog: Catalog | undefined;
  readonly ids: readonly string[];
  readonly packPathOf: (id: string) => PackPath;
  readonly findings: readonly Finding[];
}

/**
 * Resolves a request to one release and the identities in it. Fetches into the release store; not
 * under the home's lock, so that a stalled server blocks nobody (docs/adr/0005-kernel-lock.md).
 *
 * @throws InstallError of the release room; E_ID_REQUIRED with the ids if the request names none
 *   and there is no default; E_PACK_MISSING; E_CATALOG_INVALID
 */
export async function resolveIncoming(
  context: OperationContext,
  request: InstallRequest,
  records: ReadonlyMap<string, InstalledRecord>,
): Promise<Incoming> {
  for (const id of request.ids) checkIdentityId(id);
  const choice = chooseSource(context, request, records);
  const source = parseSource(choice.from, {
    fs: context.fs,
    environment: context.environment,
    allowHttp: request.allowHttp,
  });
  refuseStraySource(context.fs, source, choice.namedBy);
  refuseSourceAround(source, context.layout.home);
  const { release, plainPack, findings } = await resolveRelease(context, {
    source,
    ...(choice.selector === undefined ? {} : { selector: choice.selector }),
    offline: request.offline,
    expectedCommit: choice.expectedCommit,
    acceptMovedTag: request.acceptMovedTag,
  });
  const { commit } = release;
  const bytes = await readDocument(context, { commit, path: catalogPath });
  const parsed = bytes === undefined ? undefined : parseCatalog(bytes, catalogPath);
  const catalog = parsed?.catalog;
  if (plainPack !== null) {
    const ids = checkPlainPack(request, plainPack.id);
    return {
      release,
      catalog,
      ids,
      packPathOf: () => plainPack.packPath,
      findings,
    };
  }
  const contents = { catalog, treePaths: await treePaths(context, commit, catalog) };
  // A catalog may contain an id that a user may not request.
  const ids = (await chooseIds(request, contents)).map(checkIdentityId);
  const packPathOf = (id: string) => findPack({ ...contents, id });
  // Refused here, so that an identity that is not in the release does not create a home.
  ids.forEach(packPathOf);
  return {
    release,
    catalog,
    ids,
    packPathOf,
    findings: [...findings, ...(parsed?.findings ?? [])],
  };
}

function checkPlainPack(request: InstallRequest, id: string): string[] {
  const other = request.ids.find((asked) => asked !== id);
  if (other === undefined) return [checkIdentityId(id)];
  throw new InstallError('E_PACK_MISSING', `The source is the pack of ${id}, not of ${other}.`, {
    remedy: `Leave the id out, or name ${id}.`,
  });
}

async function chooseIds(
  request: InstallRequest,
  contents: { readonly catalog: Catalog | undefined; readonly treePaths: readonly string[] },
): Promise<readonly string[]> {
  if (request.ids.length > 0) return [...new Set(request.ids)];
  const { catalog } = contents;
  const ids = choosableIds(contents);
  if (request.all && ids.length > 0) return ids;
  const [only] = ids;
  if (only === undefined) {
    throw new InstallError('E_PACK_MISSING', 'The release holds no identity.', {
      remedy: { kind: 'option', option: 'release', to: 'choose another release' },
    });
  }
  if (catalog?.defaultIdentity !== undefined && catalog.defaultIdentity !== null) {
    return [catalog.defaultIdentity];
  }
  if (ids.length === 1) return [only];
  const chosen = await request.choose?.(
    ids.map((id) => {
      const entry = catalog?.identities.find((identity) => identity.id === id);
      return { id, title: entry?.title ?? id, description: entry?.description ?? '' };
    }),
  );
  if (chosen !== undefined) return [chosen];
  throw new InstallError('E_ID_REQUIRED', 'The release holds several identities and no default.', {
    remedy: steps(
      { kind: 'choose', among: ids },
      { kind: 'option', option: 'all', to: 'install all of them' },
    ),
    details: { ids },
  });
}
