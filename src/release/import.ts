/** Directories and archives become a commit in the store, so that they are read like any release. */
import { basename, join } from 'node:path';
import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { checkIdentityId, isIdentityId } from '../core/identity-id.ts';
import { parentPaths, type PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import { ArchiveError } from '../platform/archive.ts';
import type { CommitImport, ImportedFile } from '../platform/git.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';
import type { ScannedFile } from './directory-scan.ts';
import {
  archiveLimits,
  damagedArchive,
  memberProblem,
  refusalProblem,
  refuseUnsafe,
} from './import-check.ts';
import { limitsOf } from './limits.ts';
import type { Source } from './source.ts';
import { catalogPath, packMarkers, unreadableSource } from './source-local.ts';
import { sourceRefs } from './store.ts';
import { underReleaseLock } from './store-lock.ts';
import { refuseProblems } from './tree-check.ts';

export interface ImportedRelease {
  readonly commit: string;
  readonly tree: string;
  /** Set if there is no catalog: the one pack, and its directory in the commit. */
  readonly plainPack: { readonly id: string; readonly packPath: PackPath } | null;
  readonly findings: readonly Finding[];
}

/** What was read, before it is decided whether it is a protocol tree or a pack. */
interface Draft {
  readonly files: ImportedFile[];
  /** The top-level `META.yaml`, if it exists. */
  meta: Buffer | undefined;
}

/**
 * Imports byte for byte; equal content gives an equal commit id. The executable bit is the only
 * mode that is kept. Links are imported as links, so that one inside a pack is refused as in any
 * release, and one elsewhere in a protocol tree does no harm.
 *
 * @throws E_SOURCE_NOT_PROTOCOL, E_SOURCE_UNREACHABLE (damaged archive), E_PACK_ENTRY,
 *   E_PACK_PATH, E_PACK_LIMIT, E_HOME_LOCKED
 */
export async function importSource(
  context: ReleaseContext,
  source: Source,
): Promise<ImportedRelease> {
  const scanned = await refuseUnsafe(context, source);
  return underReleaseLock(context, async () => {
    const importing = context.git.startImport(storeDirectory(context), context.signal);
    try {
      const draft =
        source.kind === 'directory'
          ? await readDirectory(context, { root: source.url, files: scanned, importing })
          : await readArchive(context, source.url, importing);
      const { files, plainPack } = placeFiles(draft, source.url);
      const ref = `${sourceRefs(source)}import`;
      const commit = await importing.commit(ref, files);
      const [stored] = await context.git.refs(storeDirectory(context), ref, context.signal);
      if (stored?.commit !== commit || stored.tree === null) {
        throw new Error('an imported commit is not what its ref says');
      }
      return { commit, tree: stored.tree, plainPack, findings: [] };
    } catch (error) {
      // The cause is what ended the import early, not the error of the git that was stopped for it.
      await importing.abort().catch(() => undefined);
      throw unreadableSource(source.url, error);
    }
  });
}

async function readDirectory(
  { fs, progress }: ReleaseContext,
  {
    root,
    files,
    importing,
  }: {
    readonly root: string;
    readonly files: readonly ScannedFile[];
    readonly importing: CommitImport;
  },
): Promise<Draft> {
  progress.step(`Importing ${printable(root)}`, files.length);
  const draft: Draft = { files: [], meta: undefined };
  for (const [index, { path, kind, executable }] of files.entries()) {
    const full = join(root, path);
    const bytes = kind === 'link' ? Buffer.from(fs.readLink(full)) : fs.read(full);
    const mode = kind === 'link' ? '120000' : executable ? '100755' : '100644';
    draft.files.push({ path, mode, blob: importing.blob(bytes) });
    if (path === 'META.yaml') draft.meta = bytes;
    await importing.drained();
    progress.advance(index + 1);
  }
  return draft;
}

async function readArchive(
  context: ReleaseContext,
  path: string,
  importing: CommitImport,
): Promise<Draft> {
  context.progress.step(`Importing ${printable(path)}`);
  const draft: Draft = { files: [], meta: undefined };
  const metas = new Map<string, Buffer>();
  const limits = limitsOf(context);
  /** The archive is read only as fast as git consumes its content. */
  async function* paced(): AsyncGenerator<Uint8Array> {
    for (const chunk of context.fs.readChunks(path)) {
      yield chunk;
      await importing.drained();
    }
  }
  try {
    await context.archive.unpack(paced(), archiveLimits(limits), (member, content) => {
      const changed = memberProblem(member, limits);
      if (changed !== undefined) refuseProblems([changed], path);
      if (member.kind === 'directory') return;
      const mode = (member.mode & 0o100) === 0 ? '100644' : '100755';
      draft.files.push({ path: member.path, mode, blob: importing.blob(content) });
      // Only the one at the top matters, or the one in the only directory at the top.
      const nested = /^[^/]+\/META\.yaml$/.test(member.path) && metas.size === 0;
      if (nested || member.path === 'META.yaml') metas.set(member.path, content);
    });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    if (error.reason === 'damaged') throw damagedArchive(path, error);
    refuseProblems([refusalProblem(error, limits)], path);
  }
  return stripTop(draft.files, metas);
}

/** Removes one directory around everything, which release archives have. */
function stripTop(files: readonly ImportedFile[], metas: ReadonlyMap<string, Buffer>): Draft {
  const tops = new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''));
  const [top = ''] = tops;
  const nested = tops.size === 1 && files.every(({ path }) => path.includes('/'));
  // A tree whose only content is `identity/` is a protocol tree, not one wrapped in a directory.
  const strip = nested && !files.some(({ path }) => path === catalogPath) ? `${top}/` : '';
  return {
    files: files.map((file) => ({ ...file, path: file.path.slice(strip.length) })),
    meta: metas.get(`${strip}META.yaml`),
  };
}

function placeFiles(
  { files, meta }: Draft,
  url: string,
): Pick<ImportedRelease, 'plainPack'> & { readonly files: readonly ImportedFile[] } {
  const paths = new Set(files.map(({ path }) => path));
  refuseClash(paths);
  if (paths.has(catalogPath)) return { files, plainPack: null };
  if (!packMarkers.some((name) => paths.has(name))) {
    throw new InstallError(
      'E_SOURCE_NOT_PROTOCOL',
      `${printable(url)} holds neither ${catalogPath} nor a pack.`,
      { remedy: `A pack has one of ${packMarkers.join(', ')} at its top.`, details: { path: url } },
    );
  }
  const id = packId(meta, url);
  const packPath = `identity/packs/${id}`;
  const placed = files.map((file) => ({ ...file, path: `${packPath}/${file.path}` }));
  return { files: placed, plainPack: { id, packPath } };
}

/**
 * The `id` of `META.yaml`, otherwise the name of the directory or archive.
 * @throws E_DOCUMENT_INVALID, E_ID_INVALID, E_ID_RESERVED, E_SOURCE_NOT_PROTOCOL
 */
function packId(meta: Buffer | undefined, url: string): string {
  const document = meta === undefined ? undefined : parseYaml(meta, { path: 'META.yaml' });
  if (typeof document === 'object' && document !== null && 'id' in document) {
    return checkIdentityId(String(document.id));
  }
  const name = basename(url).replace(/\.(tar\.gz|tgz)$/i, '');
  if (isIdentityId(name)) return checkIdentityId(name);
  throw new InstallError(
    'E_SOURCE_NOT_PROTOCOL',
    `The pack has no id: neither META.yaml nor the name ${printable(name)} provides one.`,
    {
      remedy:
        'Put a line such as `id: my-agent` into META.yaml (lower-case letters, digits, dashes).',
      details: { path: url },
    },
  );
}

/** A path that is both a file and a directory: git would silently drop one of them. */
function refuseClash(paths: ReadonlySet<string>): void {
  for (const path of paths) {
    const clash = parentPaths(path).find((parent) => paths.has(parent));
    if (clash === undefined) continue;
    throw new InstallError(
      'E_PACK_COLLISION',
      `The archive holds a file where it also holds a directory: ${printable(clash)}`,
      { remedy: 'Pack it again from a real directory.', details: { path: clash } },
    );
  }
}
