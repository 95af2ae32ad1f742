import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { isIdentityId } from '../core/identity-id.ts';
import type { PackPath } from '../core/path.ts';
import { isPlainPath } from '../core/plain-path.ts';
import { readBlocks, type EntryBlocks } from './catalog-blocks.ts';
import { isMembers, member, type Members } from './members.ts';

export type IdentityStatus = 'active' | 'inactive' | 'deprecated';
const identityStatuses: readonly string[] = [
  'active',
  'inactive',
  'deprecated',
] satisfies readonly IdentityStatus[];

export interface CatalogEntry extends EntryBlocks {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly status: IdentityStatus;
  readonly methodologyVersion: string;
  /** Relative to the release's root; null where the entry names none. */
  readonly packPath: PackPath | null;
  /** The entry as it stands in the document, unknown keys included: what a local catalog gets. */
  readonly source: Members;
}

export interface Catalog {
  readonly version: string;
  /** Null for none: an empty one, or one that names no entry. */
  readonly defaultIdentity: string | null;
  readonly identities: readonly CatalogEntry[];
}

/** Where a release keeps its catalog (PROTOCOL.md §1). */
export const catalogPath = 'identity/catalog/identities.yaml';

const rootKeys = new Set(['version', 'updated_at', 'default_identity', 'identities']);

/**
 * Reads the catalog of a release (PROTOCOL.md §2). What an installer can do without is a finding;
 * a catalog without which it would have to guess is refused, with everything that is wrong.
 *
 * @throws InstallError E_CATALOG_INVALID with details.findings, E_DOCUMENT_INVALID
 */
export function parseCatalog(
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
  const unusable = report('error', 'CATALOG_UNUSABLE');
  const invalid = report('warn', 'CATALOG_FIELD_INVALID');

  const list = member(document, 'identities');
  if (!isMembers(document)) unusable('', 'The catalog is no mapping.');
  else if (!Array.isArray(list) || list.length === 0) {
    unusable('/identities', 'The catalog lists no identities.');
  }
  const identities = (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry, index) =>
    readEntry(entry, `/identities/${index}`, unusable, invalid),
  );
  const seen = new Set<string>();
  for (const { id } of identities) {
    if (seen.has(id)) unusable('/identities', `The id "${id}" is listed twice.`);
    seen.add(id);
  }
  if (findings.some(({ severity }) => severity === 'error')) {
    const problems = findings.filter(({ severity }) => severity === 'error');
    throw new InstallError(
      'E_CATALOG_INVALID',
      `${path} cannot be used: ${problems.map(({ message }) => message).join(' ')}`,
      {
        hint: 'Choose another release, or tell the maintainers of this one.',
        details: { path, findings: problems },
      },
    );
  }

  const version = member(document, 'version');
  if (typeof version !== 'string') invalid('/version', 'version is not a string.');
  const updatedAt = member(document, 'updated_at');
  if (updatedAt !== undefined && typeof updatedAt !== 'string') {
    invalid('/updated_at', 'updated_at is not a string.');
  }
  for (const key of Object.keys(document as Members)) {
    if (!rootKeys.has(key)) {
      report('warn', 'CATALOG_UNKNOWN_KEY')('', `The catalog takes no key "${key}".`);
    }
  }
  const catalog: Catalog = {
    version: typeof version === 'string' || typeof version === 'number' ? String(version) : '',
    defaultIdentity: readDefault(member(document, 'default_identity'), seen, report),
    identities,
  };
  return { catalog, findings };
}

type Report = (pointer: string, message: string) => void;

/** An empty default is what releases from v1.4.9 on carry: "none" for an installer. */
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
      : 'default_identity is missing or no string.';
  report('warn', 'CATALOG_DEFAULT_UNKNOWN')(at, message);
  return null;
}

/** One entry; none when it has no usable id, since nothing can be said about it then. */
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
    unusable(`${at}/pack_path`, `The pack_path of "${id}" is no path inside the release.`);
  }
  const text = (key: string, least: number): string => {
    const value = member(entry, key);
    if (typeof value === 'string' && value.length >= least) return value;
    invalid(`${at}/${key}`, `${key} of "${id}" is no text of ${least} characters or more.`);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return [
    {
      id,
      title: text('title', 3),
      description: text('description', 8),
      status: readStatus(entry, id, at, invalid),
      methodologyVersion: text('methodology_version', 1),
      packPath: usable ? packPath : null,
      ...readBlocks(entry, (pointer, message) => invalid(`${at}${pointer}`, `"${id}": ${message}`)),
      source: entry,
    },
  ];
}

/** Anything but the three words is taken as inactive: nothing becomes active by a typing error. */
function readStatus(entry: Members, id: string, at: string, invalid: Report): IdentityStatus {
  const status = member(entry, 'status');
  if (typeof status === 'string' && identityStatuses.includes(status)) {
    return status as IdentityStatus;
  }
  invalid(`${at}/status`, `status of "${id}" is none of ${identityStatuses.join(', ')}.`);
  return 'inactive';
}
