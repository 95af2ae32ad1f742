import { InstallError } from '../../core/errors.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import { packPlaces } from '../../core/pack-places.ts';
import { nameOneOf } from '../../core/remedy.ts';
import { locateInstance } from '../../instance/locate.ts';
import { readRecord } from '../../instance/record-file.ts';
import { directoryView } from '../../protocol/documents/file-view.ts';
import { createSubject } from '../../protocol/contracts/subject/subject.ts';
import type { PackToValidate } from '../../protocol/contracts/validate-packs.ts';
import { localCatalogBytes, readLocalCatalog } from '../../protocol/local-catalog.ts';
import type { InspectionContext } from '../context.ts';
import { installedIds } from '../../engine/trail/installed.ts';
import { baseView } from './base-view.ts';
import { shownFrom } from './shown.ts';
import type { PacksToValidate, ValidateRequest } from './packs-to-validate.ts';

/**
 * The instances of a home in their current state: an agent may be writing to them. A rulebook is
 * compared with the one that was installed.
 *
 * @throws InstallError E_NOT_INSTALLED, E_CATALOG_LOCAL, E_RECORD_DAMAGED, E_INSTANCE_UNSAFE,
 *   E_INSTANCE_AMBIGUOUS
 */
export async function packsOfHome(
  context: InspectionContext,
  request: ValidateRequest,
): Promise<PacksToValidate> {
  const { fs, layout, environment } = context;
  const { home, localCatalog } = layout;
  const { workingDirectory } = environment;
  const root = directoryView(fs, home, shownFrom(workingDirectory, home));
  const hasCatalog = fs.stat(localCatalog) !== undefined;
  const entries = hasCatalog
    ? readLocalCatalog(localCatalogBytes(fs, localCatalog), localCatalog).identities
    : [];
  const placeOf = (id: string) => {
    const packPath = entries.find((entry) => entry.id === id)?.packPath ?? undefined;
    return locateInstance({
      fs,
      home,
      id,
      ...(packPath !== undefined && { localCatalogPackPath: packPath }),
    });
  };
  const listed = entries.flatMap(({ id }) => (isIdentityId(id) ? [id] : []));
  const known = [...new Set([...installedIds(context), ...listed])].sort();
  if (known.length === 0 && request.ids.length === 0) throw nothingHere(home);
  const listing = hasCatalog ? { path: 'catalog.local.yaml', root } : undefined;
  const packs: PackToValidate[] = [];
  for (const id of request.ids.length > 0 ? request.ids : known) {
    const { path, exists } = placeOf(id);
    if (!exists && !known.includes(id)) throw notHere(home, id, known);
    const shown = shownFrom(workingDirectory, path);
    const record = readRecord(fs, layout.recordFile(id));
    const subject = createSubject({
      id,
      now: request.now,
      pack: directoryView(fs, path, shown),
      brought: new Set(Object.keys(record?.files ?? {})),
      releasedAt: packPlaces.map((place) => `${place}/${id}`),
      workingDirectory: directoryView(fs, workingDirectory),
      ...(listing !== undefined && { catalog: listing }),
      ...(record !== undefined && { base: await baseView(context, record) }),
    });
    packs.push({ subject, pack: exists ? shown : null });
  }
  const catalog = hasCatalog ? root.show('catalog.local.yaml') : null;
  return { kind: 'home', root: home, catalog, packs };
}

function nothingHere(home: string): InstallError {
  return new InstallError('E_NOT_INSTALLED', `Nothing is installed in ${home}.`, {
    remedy: { kind: 'option', option: 'root', to: 'validate the packs of a protocol repository' },
    details: { home },
  });
}

function notHere(home: string, id: string, known: readonly string[]): InstallError {
  return new InstallError('E_NOT_INSTALLED', `${id} is not installed in ${home}.`, {
    remedy: nameOneOf(id, known, {
      kind: 'command',
      command: 'install',
      id,
      to: 'install it',
    }),
    details: { id, home },
  });
}
