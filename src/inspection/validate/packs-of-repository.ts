import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errnoOf, InstallError } from '../../core/errors.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import { steps } from '../../core/remedy.ts';
import type { Environment } from '../../platform/environment.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { catalogPath } from '../../protocol/catalog.ts';
import { directoryView, memoryView, viewBelow } from '../../protocol/documents/file-view.ts';
import { createSubject } from '../../protocol/contracts/subject/subject.ts';
import { listPacks, type PackListing } from '../../protocol/list-packs.ts';
import { unknownIdentity } from '../../protocol/unknown-identity.ts';
import { shownFrom } from './shown.ts';
import type { PacksToValidate, ValidateRequest } from './validate.ts';

export interface RepositoryContext {
  readonly fs: ReadFileSystem;
  readonly environment: Environment;
}

/** A protocol repository on the disk: where it begins, and its catalog inside. */
export interface RepositoryPlace {
  /** Absolute, links resolved. */
  readonly root: string;
  /** Relative to the root. */
  readonly catalog: string;
}

/**
 * The repository that `--root` and `--catalog` name, or the working directory where it is one;
 * undefined where neither is so. A catalog in the usual place has its root three levels up, any
 * other one next to it.
 *
 * @throws InstallError E_USAGE
 */
export function findRepository(
  { fs, environment }: RepositoryContext,
  { root, catalog }: { readonly root?: string; readonly catalog?: string },
): RepositoryPlace | undefined {
  const { workingDirectory } = environment;
  const named = (path: string): string => realPath(fs, resolve(workingDirectory, path));
  if (catalog !== undefined) {
    const file = named(catalog);
    const usual = file.endsWith(`${sep}${catalogPath.split('/').join(sep)}`);
    const start = root !== undefined ? named(root) : dirname(usual ? join(file, '../..') : file);
    const inside = relative(start, file).split(sep).join('/');
    if (!isAbsolute(inside) && isPlainPath(inside)) return { root: start, catalog: inside };
    throw new InstallError('E_USAGE', `The catalog ${file} is not below ${start}.`, {
      remedy: steps(
        { kind: 'option', option: 'root', to: 'name a directory around it' },
        { kind: 'without', option: 'root', to: 'have it found from the catalog' },
      ),
      details: { catalog: file, root: start },
    });
  }
  if (root !== undefined) return { root: named(root), catalog: catalogPath };
  const here = fs.realPath(workingDirectory);
  return fs.stat(join(here, catalogPath))?.kind === 'file'
    ? { root: here, catalog: catalogPath }
    : undefined;
}

/** @throws InstallError E_ID_UNKNOWN; E_USAGE for a root without any pack */
export function packsOfRepository(
  { fs, environment }: RepositoryContext,
  place: RepositoryPlace,
  request: ValidateRequest,
): PacksToValidate {
  const { workingDirectory } = environment;
  const here = fs.realPath(workingDirectory);
  const root = directoryView(fs, place.root, shownFrom(here, place.root));
  const listing = listPacks(root, place.catalog);
  const there = root.read(place.catalog) !== undefined;
  if (!there && listing.unlisted.size === 0) throw noRepository(place);
  // A catalog that cannot be read hides no pack.
  const all = listing.listed.size > 0 ? listing.listed : listing.unlisted;
  const ids = request.ids.length > 0 ? request.ids : [...all.keys()];
  const catalog = { path: place.catalog, root };
  const subjectOf = (id: string, directory: string | null) =>
    createSubject({
      id,
      now: request.now,
      pack: directory === null ? memoryView(new Map()) : viewBelow(root, directory),
      catalog,
      workingDirectory: directoryView(fs, here),
    });
  const packs = ids.map((id) => {
    const directory = directoryOf(listing, id);
    return {
      subject: subjectOf(id, directory),
      pack: directory === null ? null : root.show(directory),
    };
  });
  return {
    kind: 'repository',
    root: place.root,
    catalog: root.show(place.catalog),
    packs,
    // Nobody speaks for a catalog without entries but itself.
    ...(packs.length === 0 && { lone: subjectOf('', null) }),
  };
}

function directoryOf({ listed, unlisted }: PackListing, id: string): string | null {
  const directory = listed.get(id) ?? unlisted.get(id);
  if (directory !== undefined) return directory;
  if (listed.has(id)) return null;
  throw unknownIdentity(id, [...listed.keys(), ...unlisted.keys()], {
    none: { kind: 'command', command: 'create', to: 'make the first identity of this repository' },
  });
}

function noRepository({ root, catalog }: RepositoryPlace): InstallError {
  return new InstallError('E_USAGE', `${root} holds neither ${catalog} nor a pack.`, {
    remedy: steps(
      { kind: 'option', option: 'root', to: 'validate another protocol repository' },
      { kind: 'option', option: 'catalog', to: 'use a catalog in another place' },
    ),
    details: { root, catalog },
  });
}

function realPath(fs: ReadFileSystem, path: string): string {
  try {
    return fs.realPath(path);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    throw new InstallError('E_USAGE', `${path} cannot be looked at (${errno}).`, {
      remedy: 'Check the path and its permissions.',
      details: { path, errno },
      cause,
    });
  }
}
