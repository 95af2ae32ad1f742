import { InstallError } from '../../core/errors.ts';
import type { RepositoryContext, RepositoryPlace } from '../../protocol/find-repository.ts';
import { steps } from '../../core/remedy.ts';
import { directoryView, memoryView, viewBelow } from '../../protocol/documents/file-view.ts';
import { createSubject } from '../../protocol/contracts/subject/subject.ts';
import { listPacks, type PackListing } from '../../protocol/list-packs.ts';
import { unknownIdentity } from '../../protocol/unknown-identity.ts';
import { shownFrom } from './shown.ts';
import type { PacksToValidate, ValidateRequest } from './packs-to-validate.ts';

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
  // A catalog that cannot be read must not hide packs.
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
    // A catalog without entries is checked on its own.
    ...(packs.length === 0 && { lone: subjectOf('', null) }),
  };
}

function directoryOf({ listed, unlisted }: PackListing, id: string): string | null {
  const directory = listed.get(id) ?? unlisted.get(id);
  if (directory !== undefined) return directory;
  if (listed.has(id)) return null;
  throw unknownIdentity(id, [...listed.keys(), ...unlisted.keys()], {
    none: {
      kind: 'command',
      command: 'create',
      to: 'create the first identity of this repository',
    },
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
