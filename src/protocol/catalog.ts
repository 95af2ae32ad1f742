import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { isIdentityId } from '../core/identity-id.ts';
import type { PackPath } from '../core/path.ts';
import { isPlainPath } from '../core/plain-path.ts';
import { readBlocks, type EntryBlocks } from './catalog-blocks.ts';
import { isMembers, member, type Members } from './documents/members.ts';

export type IdentityStatus = 'active' | 'inactive' | 'deprecated';
const identityStatuses: readonly string[] = [
  'active',
  'inactive',
  'deprecated',
] satisfies readonly IdentityStatus[];

/** What an entry says about its identity; the same in a release's catalog and in a local one. */
export interface EntryFacts extends EntryBlocks {
  readonly title: string;
  readonly description: string;
  readonly status: IdentityStatus;
  readonly methodologyVersion: string;
}

export interface CatalogEntry extends EntryFacts {
  readonly id: string;
  /** Relative to the release's root; null if the entry does not give it. */
  readonly packPath: PackPath | null;
  /**
   * The entry as it is in the document, unknown keys included: this is copied to a local catalog.
   */
  readonly source: Members;
}

export interface Catalog {
  readonly version: string;
  /** Null if there is no usable one: it is empty, or names an identity that is not listed. */
  readonly defaultIdentity: string | null;
  readonly identities: readonly CatalogEntry[];
}

/** Where a release keeps its catalog (docs/protocol.md#where-packs-are). */
export const catalogPath = 'identity/catalog/identities.yaml';

const rootKeys = new Set(['version', 'updated_at', 'default_identity', 'identities']);

/**
 * Reads the catalog of a release (docs/protocol.md#catalogs). A defect that an installer can ignore
 * is a finding; a catalog that would leave it guessing is refused, with everything that is wrong.
 *
 * @throws InstallError E_CATALOG_INVALID with details.findings, E_DOCUMENT_INVALID
 */
export function parseCatalog(
  bytes: Uint8Array,
  path: PackPath,
): { catalog: Catalog; findings: Finding[] } {
  const { catalog, findings } = readCatalog(bytes, path);
  const problems = findings.filter(({ severity }) => severity === 'error');
  const seen = new Set<string>();
  for (const { id } of catalog.identities) {
    const message = `The id "${id}" is listed twice.`;
    if (seen.has(id)) problems.push({ ...unusableAt(path), pointer: '/identities', message });
    seen.add(id);
  }
  if (problems.length > 0) {
    throw new InstallError(
      'E_CATALOG_INVALID',
      `${path} cannot be used: ${problems.map(({ message }) => message).join(' ')}`,
      {
        remedy: 'Choose another release, or report it to the maintainers of this one.',
        details: { path, findings: problems },
      },
    );
  }
  return { catalog, findings };
}

function unusableAt(path: PackPath): Pick<Finding, 'code' | 'severity' | 'path'> {
  return { code: 'CATALOG_UNUSABLE', severity: 'error', path };
}

/**
 * The same for a tolerant reader: entries that cannot be used are left out, each with a finding of
 * severity `error`. An id that is listed twice is returned twice.
 *
 * @throws InstallError E_DOCUMENT_INVALID
 */
export function readCatalog(
  bytes: Uint8Array,
  path: PackPath,
): { catalog: Catalog; findings: Finding[] } {
  const document = parseYaml(bytes, { path });
  const findings: Finding[] = [];
  const report = (severity: Finding['severity'], code: string) => {
    return (pointer: string, message: string): void => {
      findings.push({ code, severity, path, pointer, message });
    };
  };
  const unusable: Report = (pointer, message) => {
    findings.push({ ...unusableAt(path), pointer, message });
  };
  const invalid = report('warn', 'CATALOG_FIELD_INVALID');

  if (!isMembers(document)) {
    unusable('', 'The catalog is not a mapping.');
    return { catalog: { version: '', defaultIdentity: null, identities: [] }, findings };
  }
  const list = member(document, 'identities');
  if (!Array.isArray(list) || list.length === 0) {
    unusable('/identities', 'The catalog lists no identities.');
  }
  const identities = (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry, index) =>
    readEntry(entry, `/identities/${index}`, unusable, invalid),
  );

  const version = member(document, 'version');
  if (typeof version !== 'string') invalid('/version', 'version is not a string.');
  const updatedAt = member(document, 'updated_at');
  if (updatedAt !== undefined && typeof updatedAt !== 'string') {
    invalid('/updated_at', 'updated_at is not a string.');
  }
  for (const key of Object.keys(document)) {
    if (!rootKeys.has(key)) {
      report('warn', 'CATALOG_UNKNOWN_KEY')('', `The catalog has an unknown key "${key}".`);
    }
  }
  const ids = new Set(identities.map(({ id }) => id));
  const catalog: Catalog = {
    version: typeof version === 'string' || typeof version === 'number' ? String(version) : '',
    defaultIdentity: readDefault(member(document, 'default_identity'), ids, report),
    identities,
  };
  return { catalog, findings };
}

type Report = (pointer: string, message: string) => void;

/** Releases from v1.4.9 on have an empty default: for an installer, that means no default. */
function readDefault(
  value: unknown,
  ids: ReadonlySet<string>,
  report: (severity: Finding['severity'], code: string) => Report,
): string | null {
  const at = '/default_identity';
  if (value === '') {
    report('info', 'CATALOG_DEFAULT_EMPTY')(at, 'default_identity is empty.');
    return null;
  }
  if (typeof value === 'string' && ids.has(value)) return value;
  const message =
    typeof value === 'string'
      ? `default_identity names "${value}", which is not listed.`
      : 'default_identity is missing or not a string.';
  report('warn', 'CATALOG_DEFAULT_UNKNOWN')(at, message);
  return null;
}

/** One entry; undefined without a usable id, since nothing can be said about it then. */
function readEntry(
  entry: unknown,
  at: string,
  unusable: Report,
  invalid: Report,
): readonly CatalogEntry[] {
  const id = member(entry, 'id');
  if (!isMembers(entry) || typeof id !== 'string' || !isIdentityId(id)) {
    const shown = typeof id === 'string' ? ` "${id}"` : '';
    unusable(`${at}/id`, `Entry ${at} has no valid id${shown}.`);
    return [];
  }
  const packPath = member(entry, 'pack_path');
  const usable = typeof packPath === 'string' && isPlainPath(packPath);
  if (packPath === undefined) invalid(`${at}/pack_path`, `"${id}" has no pack_path.`);
  else if (!usable) {
    unusable(`${at}/pack_path`, `The pack_path of "${id}" is not a path inside the release.`);
  }
  return [
    {
      id,
      ...readEntryFacts(entry, id, (pointer, message) => invalid(`${at}${pointer}`, message)),
      packPath: usable ? packPath : null,
      source: entry,
    },
  ];
}

/**
 * What an entry says besides its id and its place. A malformed field is reported, and used as far
 * as it is valid, otherwise treated as empty.
 *
 * @param id for messages
 * @param invalid receives pointers below the entry
 */
export function readEntryFacts(entry: Members, id: string, invalid: Report): EntryFacts {
  const text = (key: string, least: number): string => {
    const value = member(entry, key);
    if (typeof value === 'string' && value.length >= least) return value;
    invalid(`/${key}`, `${key} of "${id}" must be text of at least ${least} characters.`);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return {
    title: text('title', 3),
    description: text('description', 8),
    status: readStatus(entry, id, invalid),
    methodologyVersion: text('methodology_version', 1),
    ...readBlocks(entry, (pointer, message) => invalid(pointer, `"${id}": ${message}`)),
  };
}

/** Any other value counts as inactive: a typing error must not activate anything. */
function readStatus(entry: Members, id: string, invalid: Report): IdentityStatus {
  const status = member(entry, 'status');
  if (typeof status === 'string' && identityStatuses.includes(status)) {
    return status as IdentityStatus;
  }
  invalid('/status', `status of "${id}" must be one of ${identityStatuses.join(', ')}.`);
  return 'inactive';
}
