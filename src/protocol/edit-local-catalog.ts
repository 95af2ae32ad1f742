import { parseYaml } from '../core/bounded-yaml.ts';
import { canonicalJson } from '../core/digest.ts';
import { InstallError } from '../core/errors.ts';
import { ownMember } from '../core/own-member.ts';
import { nameMeantOr } from '../core/remedy.ts';
import { localCatalogUnreadable, readLocalCatalog } from './local-catalog.ts';
import { isMembers, type Members } from './documents/members.ts';
import { appendItem, CannotSplice, setMember } from './yaml-splice.ts';

export interface LocalCatalogEdits {
  /** Insert or update one entry. */
  readonly register?: {
    /** The unchanged entry of the release's catalog (`CatalogEntry.source`). */
    readonly source: Members;
    readonly id: string;
    /** Relative to the home, with `/`; absolute only for an instance outside. */
    readonly packPath: string;
  };
  /**
   * Make this identity the default and its entry active. It must be registered already, or by this
   * edit.
   */
  readonly activate?: string;
  /** Ids that could have been meant instead, besides those in the catalog. */
  readonly installed?: readonly string[];
}

/** The keys that an entry takes from the release; everything else in it is the user's. */
const entryKeys = [
  'title',
  'description',
  'status',
  'methodology_version',
  'interface',
  'policy',
  'dependencies',
  'observability',
];

const emptyCatalog = 'version: "1.0"\ndefault_identity: ""\nidentities: []\n';

/**
 * The text of `catalog.local.yaml` with an entry registered, and activated on request. Comments,
 * order, quoting and line endings of everything else stay, byte for byte. Repeating an edit changes
 * nothing. An existing entry keeps its `status`, which is the user's choice, and every key that the
 * release does not have.
 *
 * The result is read back and compared with the intended one; text that cannot be edited safely (an
 * entry that is an alias) is refused, never rewritten.
 *
 * @param text undefined if there is no local catalog yet
 * @param path for messages
 * @throws InstallError E_CATALOG_LOCAL, E_NOT_INSTALLED (activation of an identity that is not
 *   listed)
 */
export function editLocalCatalog(
  text: string | undefined,
  edits: LocalCatalogEdits,
  path = 'catalog.local.yaml',
): string {
  const given = text ?? '';
  const before = read(given, path);
  const eol = given.includes('\r\n') ? '\r\n' : '\n';
  const start =
    before === undefined || before === null
      ? endLine(given, eol) + emptyCatalog.replaceAll('\n', eol)
      : given;
  let edited: string;
  try {
    edited = activate(register(start, edits, path), edits, path);
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    return localCatalogUnreadable(path, `it cannot be edited safely: ${error.message}`, error);
  }
  const meant = modelled(read(start, path), edits);
  if (canonicalJson(read(edited, path)) !== canonicalJson(meant)) {
    return localCatalogUnreadable(path, 'it cannot be edited without changing what else it says');
  }
  return edited;
}

/** The parsed text, if the tolerant reader accepts it. */
function read(text: string, path: string): unknown {
  const bytes = new TextEncoder().encode(text);
  readLocalCatalog(bytes, path);
  return parseYaml(bytes, { path });
}

function register(text: string, edits: LocalCatalogEdits, path: string): string {
  const { register: registration } = edits;
  if (registration === undefined) return text;
  const { id } = registration;
  const document = read(text, path) as Members;
  const index = indexOf(document, id);
  if (index === undefined) {
    const entry = newEntry(registration);
    return Object.hasOwn(document, 'identities')
      ? appendItem(text, ['identities'], entry)
      : setMember(text, [], 'identities', [entry]);
  }
  return Object.entries(newEntry(registration))
    .filter(([key]) => key !== 'status' || !Object.hasOwn(entryAt(document, index), 'status'))
    .reduce((result, [key, value]) => setMember(result, ['identities', index], key, value), text);
}

function activate(text: string, edits: LocalCatalogEdits, path: string): string {
  const { activate: id, installed = [] } = edits;
  if (id === undefined) return text;
  const document = read(text, path) as Members;
  const index = indexOf(document, id);
  if (index === undefined) {
    const registerFirst = {
      kind: 'command',
      command: 'register',
      id,
      to: 'register it first',
    } as const;
    throw new InstallError('E_NOT_INSTALLED', `The local catalog ${path} does not list "${id}".`, {
      remedy: installed.includes(id)
        ? registerFirst
        : nameMeantOr(id, [...idsIn(document), ...installed], registerFirst),
      details: { id, path },
    });
  }
  const active = setMember(text, ['identities', index], 'status', 'active');
  return setMember(active, [], 'default_identity', id);
}

/** Keys in the order of the protocol's own catalogs. */
function newEntry({ source, id, packPath }: NonNullable<LocalCatalogEdits['register']>): Members {
  const taken = (keys: readonly string[]): Members =>
    Object.fromEntries(
      keys.filter((key) => Object.hasOwn(source, key)).map((key) => [key, ownMember(source, key)]),
    );
  return {
    id,
    ...taken(entryKeys.slice(0, 4)),
    pack_path: packPath,
    ...taken(entryKeys.slice(4)),
  };
}

/** The same edit on values, to compare the edited text with. */
function modelled(before: unknown, edits: LocalCatalogEdits): Members {
  const document = before as Members;
  let identities = (document['identities'] ?? []) as readonly Members[];
  const { register: registration, activate: id } = edits;
  if (registration !== undefined) {
    const entry = newEntry(registration);
    identities = identities.some((old) => old['id'] === registration.id)
      ? identities.map((old) =>
          old['id'] === registration.id
            ? merged(old, Object.hasOwn(old, 'status') ? without(entry, 'status') : entry)
            : old,
        )
      : [...identities, entry];
  }
  if (id === undefined) {
    return registration === undefined ? document : { ...document, identities };
  }
  identities = identities.map((old) => (old['id'] === id ? { ...old, status: 'active' } : old));
  return { ...document, identities, default_identity: id };
}

function merged(old: Members, update: Members): Members {
  const changes = Object.entries(update).map(([key, value]) => {
    const there = ownMember(old, key);
    return [key, isMembers(there) && isMembers(value) ? merged(there, value) : value];
  });
  return { ...old, ...(Object.fromEntries(changes) as Members) };
}

function without(entry: Members, key: string): Members {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key));
}

function indexOf(document: Members, id: string): number | undefined {
  const list = (document['identities'] ?? []) as readonly Members[];
  const index = list.findIndex((entry) => entry['id'] === id);
  return index < 0 ? undefined : index;
}

function idsIn(document: Members): string[] {
  const list = (document['identities'] ?? []) as readonly Members[];
  return list.map((entry) => entry['id']).filter((id) => typeof id === 'string');
}

function entryAt(document: Members, index: number): Members {
  return (document['identities'] as readonly Members[])[index] ?? {};
}

/** A file without a catalog may still hold comments; what follows begins on a line of its own. */
function endLine(text: string, eol: string): string {
  return text === '' || text.endsWith('\n') ? text : text + eol;
}
