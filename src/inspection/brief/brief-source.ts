import { isAbsolute, join, relative } from 'node:path';
import { parseJson } from '../../core/bounded-json.ts';
import { InstallError } from '../../core/errors.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { nameOneOf, steps } from '../../core/remedy.ts';
import { readRecord } from '../../instance/record-file.ts';
import { catalogPath } from '../../protocol/catalog.ts';
import { directoryView, viewBelow, type FileView } from '../../protocol/documents/file-view.ts';
import { listPacks } from '../../protocol/list-packs.ts';
import {
  localCatalogBytes,
  localCatalogUnreadable,
  readLocalCatalog,
} from '../../protocol/local-catalog.ts';
import type { Members } from '../../protocol/documents/members.ts';
import type { InspectionContext } from '../context.ts';
import { releaseEntry } from '../releases/release-entry.ts';
import { requireInstance } from '../require-instance.ts';
import { installedIds } from '../../engine/trail/installed.ts';
import { findRepository, type RepositoryPlace } from '../../protocol/find-repository.ts';
import type { ValidateContext } from '../validate/validate.ts';

export interface BriefRequest {
  /** Default: the default identity of the catalog. */
  readonly id?: string;
  /** The root of a protocol repository; relative to the working directory. */
  readonly root?: string;
  /** The request names the home: use it, whatever the working directory is. */
  readonly inHome: boolean;
}

/** Everything that a brief is compiled from, unchanged. */
export interface FoundBriefSource {
  readonly id: string;
  /**
   * What the catalogs say about it; the home's own catalog takes precedence over that of the
   * release.
   */
  readonly entry: Members;
  readonly task: unknown;
  readonly prompt: Uint8Array | undefined;
  /**
   * The same on every machine: paths in a home begin with `${IDENTITY_HOME}`, and a file of a
   * release is written as in git, `v1.0.0:identity/catalog/identities.yaml`.
   */
  readonly names: { readonly pack: string; readonly catalogs: readonly string[] };
}

/**
 * The requested identity, or the default one: of the repository, otherwise of the home. In a home,
 * an identity that is registered from a repository is found, too.
 *
 * @throws InstallError E_ID_REQUIRED, E_NOT_INSTALLED, E_USAGE, E_DOCUMENT_INVALID,
 *   E_CATALOG_LOCAL, E_RECORD_DAMAGED, E_INSTANCE_UNSAFE, E_INSTANCE_AMBIGUOUS
 */
export async function findBriefSource(
  context: ValidateContext,
  request: BriefRequest,
): Promise<FoundBriefSource> {
  const place = request.inHome ? undefined : findRepository(context, request);
  return place === undefined
    ? await inHome(context.openHome(), request.id)
    : inRepository(context, place, request.id);
}

function inRepository(
  { fs }: Pick<ValidateContext, 'fs'>,
  place: RepositoryPlace,
  asked: string | undefined,
): FoundBriefSource {
  const root = directoryView(fs, place.root);
  const { listed, entries, defaultIdentity } = listPacks(root, place.catalog);
  const id = asked ?? defaultIdentity ?? noDefault(place.catalog, [...listed.keys()]);
  const pack = listed.get(id) ?? undefined;
  const entry = entries.get(id);
  if (pack === undefined || entry === undefined) {
    throw new InstallError('E_USAGE', `${place.catalog} does not list a pack of "${id}".`, {
      remedy: nameOneOf(id, listed.keys(), 'Name another catalog: this one is empty.'),
      details: { id, root: place.root },
    });
  }
  return { id, entry, ...read(viewBelow(root, pack)), names: { pack, catalogs: [place.catalog] } };
}

async function inHome(
  context: InspectionContext,
  asked: string | undefined,
): Promise<FoundBriefSource> {
  const { fs, layout } = context;
  const { home, localCatalog } = layout;
  const catalog =
    fs.stat(localCatalog) === undefined
      ? { defaultIdentity: null, identities: [] }
      : readLocalCatalog(localCatalogBytes(fs, localCatalog), localCatalog);
  // A single installed identity is the default even if the catalog does not list it.
  const ids = [
    ...new Set([...catalog.identities.map((entry) => entry.id), ...installedIds(context)]),
  ];
  const id = asked ?? catalog.defaultIdentity ?? noDefault(localCatalog, ids);
  if (!isIdentityId(id))
    localCatalogUnreadable(localCatalog, 'its default is not a valid identity id');
  const local = catalog.identities.find((entry) => entry.id === id);
  const path = requireInstance(context, id, local?.packPath);
  const record = readRecord(fs, layout.recordFile(id));
  const origin =
    record === undefined ? entryAround(context, path, id) : await entryInstalled(context, record);
  const inside = relative(home, path);
  const outside = isAbsolute(inside) || inside.startsWith('..');
  return {
    id,
    entry: { ...origin?.entry, ...local?.source },
    ...read(directoryView(fs, path, path)),
    names: {
      pack: outside ? path : `\${IDENTITY_HOME}/${inside}`,
      catalogs: [
        ...(local === undefined ? [] : ['${IDENTITY_HOME}/catalog.local.yaml']),
        ...(origin === undefined ? [] : [origin.catalog]),
      ],
    },
  };
}

/** What the catalog that came with a pack says about it. */
interface Origin {
  readonly entry: Members;
  /** In the form for readers. */
  readonly catalog: string;
}

async function entryInstalled(
  context: InspectionContext,
  record: InstalledRecord,
): Promise<Origin | undefined> {
  const entry = await releaseEntry(context, record);
  const { tag, commit } = record.release;
  return entry && { entry, catalog: `${tag ?? commit}:${catalogPath}` };
}

/** What the repository of a registered pack says about it. */
function entryAround(
  { fs, environment }: InspectionContext,
  pack: string,
  id: string,
): Origin | undefined {
  const root = /^(.+)\/identity\/(?:.+\/)?[^/]+$/.exec(pack)?.[1];
  const place = root === undefined ? undefined : findRepository({ fs, environment }, { root });
  if (place === undefined) return undefined;
  const entry = listPacks(directoryView(fs, place.root), place.catalog).entries.get(id);
  return entry && { entry, catalog: join(place.root, place.catalog) };
}

function read(pack: FileView): Pick<FoundBriefSource, 'task' | 'prompt'> {
  const path = 'CURRENT_TASK.json';
  const task = pack.read(path);
  return {
    task: task === undefined ? undefined : parseJson(task, { path: pack.show(path) }),
    prompt: pack.read('IDENTITY_PROMPT.md'),
  };
}

function noDefault(catalog: string, ids: readonly string[]): never {
  throw new InstallError('E_ID_REQUIRED', `${catalog} names no default identity.`, {
    remedy:
      ids.length === 0
        ? steps(
            { kind: 'command', command: 'create', to: 'create an identity' },
            { kind: 'command', command: 'register', to: 'register an existing one' },
          )
        : steps(
            { kind: 'choose', among: ids.slice(0, 10) },
            {
              kind: 'command',
              command: 'activate',
              to: 'make one the default',
            },
          ),
    details: { ids },
  });
}
