import { parseYaml } from '../../core/bounded-yaml.ts';
import { canonicalJson } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import { catalogPath } from '../catalog.ts';
import { isMembers, member, type Members } from '../documents/members.ts';
import { appendItem, blockText, CannotSplice, setMember } from '../yaml-splice.ts';
import { schemaComment } from './text.ts';

export interface CatalogAddition {
  readonly entry: Members & { readonly id: string };
  /** Also the new `default_identity`. */
  readonly makeDefault?: boolean;
  /** The new value of `updated_at`, if the catalog has it: `2026-02-22`. */
  readonly today: string;
}

/** The text of a catalog that lists one identity and makes it the default. */
export function scaffoldCatalog({ entry, today }: CatalogAddition): string {
  const catalog = {
    version: '1.0',
    updated_at: today,
    default_identity: entry.id,
    identities: [entry],
  };
  return `${schemaComment('../schemas/contracts/catalog.schema.json')}
# The identities of this repository. A pack's directory is its \`pack_path\`.
${blockText(catalog)}`;
}

/**
 * The text of a catalog with one more entry. Comments, order, quoting and line endings of
 * everything else stay, byte for byte. The result is read back and compared with the intended one.
 *
 * @param path for messages
 * @throws InstallError E_CATALOG_INVALID, E_DOCUMENT_INVALID, E_ID_TAKEN
 */
export function addToCatalog(text: string, addition: CatalogAddition, path = catalogPath): string {
  const { entry, makeDefault = false, today } = addition;
  const before = readCatalog(text, path);
  const identities = member(before, 'identities') ?? [];
  if (!Array.isArray(identities)) return unusable(path, 'identities is not a list');
  if (identities.some((listed) => member(listed, 'id') === entry.id)) {
    throw new InstallError('E_ID_TAKEN', `${path} already lists an identity "${entry.id}".`, {
      remedy: 'Choose another id; an existing entry is never overwritten.',
      details: { id: entry.id, path },
    });
  }
  const values: Members = {
    ...(Object.hasOwn(before, 'updated_at') && { updated_at: today }),
    ...(makeDefault && { default_identity: entry.id }),
  };
  let edited: string;
  try {
    const listed = Object.hasOwn(before, 'identities')
      ? appendItem(text, ['identities'], entry)
      : setMember(text, [], 'identities', [entry]);
    edited = Object.entries(values).reduce(
      (result, [key, value]) => setMember(result, [], key, value),
      listed,
    );
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    return unusable(path, `it cannot be edited safely: ${error.message}`, error);
  }
  const meant = { ...before, ...values, identities: [...(identities as unknown[]), entry] };
  if (canonicalJson(readCatalog(edited, path)) !== canonicalJson(meant)) {
    return unusable(path, 'it cannot be edited without changing what else it says');
  }
  return edited;
}

function readCatalog(text: string, path: string): Members {
  const catalog = parseYaml(new TextEncoder().encode(text), { path });
  return isMembers(catalog) ? catalog : unusable(path, 'it is not a mapping');
}

function unusable(path: string, problem: string, cause?: unknown): never {
  throw new InstallError('E_CATALOG_INVALID', `No entry can be added to ${path}: ${problem}.`, {
    remedy: 'Repair the catalog, or add the entry by hand.',
    details: { path },
    ...(cause !== undefined && { cause }),
  });
}
