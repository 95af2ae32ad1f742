import type { PackPath } from '../../core/path.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import { isMembers, member, pointerPart, type Members } from '../members.ts';
import { isReadable, type Document, type Place } from './document.ts';
import { matchFiles, type FileView } from './file-view.ts';
import type { Gate } from './gates.ts';
import { readJsonDocument } from './json-document.ts';
import type { Listing } from './listing.ts';

/** What the contracts look at: one pack, what surrounds it, and the time that counts as now. */
export interface Subject {
  /** Of the identity, as the catalog or the person who asks names it. */
  readonly id: string;
  /** For freshness; a value, so that a check can be repeated. Undefined: not judged. */
  readonly now: Date | undefined;
  /** On its way to be installed: what only an installation leaves behind cannot be there yet. */
  readonly incoming: boolean;
  readonly pack: FileView;
  /** Where paths inside contracts are looked for beyond the pack: the catalog's root, the working directory. */
  readonly around: readonly FileView[];
  /**
   * Directories of releases that mean the pack itself: older packs write `identity/<id>/…` for
   * what is beside their `CURRENT_TASK.json`, and an instance lies elsewhere.
   */
  readonly releasedAt: readonly PackPath[];
  readonly catalog: Listing | undefined;
  /** The pack as it was last installed, where that is on record. */
  readonly base: FileView | undefined;
  /**
   * Of an instance, the files that its release brought: what is beside them is the user's own.
   * Undefined for a pack that is to be released as it is.
   */
  readonly brought: ReadonlySet<PackPath> | undefined;
  /** `CURRENT_TASK.json`; undefined where it is missing or cannot be parsed. */
  readonly task: Document | undefined;
}

export type SubjectParts = Pick<Subject, 'id' | 'now' | 'pack'> &
  Partial<Pick<Subject, 'catalog' | 'base' | 'brought' | 'incoming' | 'releasedAt'>> & {
    readonly workingDirectory?: FileView;
  };

const taskPath = 'CURRENT_TASK.json';

export function createSubject({ workingDirectory, ...parts }: SubjectParts): Subject {
  const { pack, catalog } = parts;
  const bytes = pack.read(taskPath);
  const task = bytes && readJsonDocument(bytes, pack.show(taskPath));
  return {
    id: parts.id,
    now: parts.now,
    incoming: parts.incoming ?? false,
    pack,
    around: [catalog?.root, workingDirectory].filter((view) => view !== undefined),
    releasedAt: parts.releasedAt ?? [],
    catalog,
    base: parts.base,
    brought: parts.brought,
    task: task && isReadable(task) ? task : undefined,
  };
}

/** A file that a contract's path led to. */
export interface LocatedFile {
  readonly bytes: Uint8Array;
  /** As findings show it. */
  readonly shown: string;
}

/**
 * The files that a path or pattern of a contract names (PROTOCOL.md §2): in the pack, else below
 * the catalog's root, else in the working directory; never outside of those. Sorted by name.
 */
export function locate(subject: Subject, pattern: unknown): LocatedFile[] {
  if (typeof pattern !== 'string' || !isPlainPath(pattern)) return [];
  for (const [view, inView] of waysTo(subject, pattern)) {
    const found = matchFiles(view, inView).flatMap((path): LocatedFile[] => {
      const bytes = view.read(path);
      return bytes === undefined ? [] : [{ bytes, shown: view.show(path) }];
    });
    if (found.length > 0) return found;
  }
  return [];
}

/** Where a pattern may lead, nearest first. */
function* waysTo(subject: Subject, pattern: string): Generator<readonly [FileView, string]> {
  const { pack, around, releasedAt } = subject;
  yield [pack, pattern];
  for (const directory of releasedAt) {
    if (pattern.startsWith(`${directory}/`)) yield [pack, pattern.slice(directory.length + 1)];
  }
  for (const view of around) yield [view, pattern];
}

/**
 * The JSON documents among what a pattern names, sorted by name: evidence is named by date, so
 * the last one is the newest. Those that cannot be parsed are left to `pack-files`.
 */
export function locateJson(subject: Subject, pattern: unknown): Document[] {
  return locate(subject, pattern)
    .map(({ bytes, shown }) => readJsonDocument(bytes, shown))
    .filter(isReadable);
}

/** A block of a document: its members, and where it is. */
export interface Block {
  readonly document: Document;
  readonly pointer: string;
  readonly members: Members;
  readonly get: (key: string) => unknown;
  /** Where a finding about a member of the block belongs. */
  readonly at: (...keys: readonly (string | number)[]) => Place;
}

/** A block of `CURRENT_TASK.json`; undefined where there is none or it is no object. */
export function taskBlock(subject: Subject, key: string): Block | undefined {
  return subject.task && blockOf(subject.task, '', member(subject.task.value, key), key);
}

/** The whole document as a block; undefined when it is no object. */
export function documentBlock(document: Document): Block | undefined {
  return makeBlock(document, '', document.value);
}

/** A block inside a block. */
export function innerBlock(block: Block, ...keys: readonly (string | number)[]): Block | undefined {
  let value: unknown = block.members;
  for (const key of keys) {
    value = Array.isArray(value) ? (value as unknown[])[Number(key)] : member(value, String(key));
  }
  const pointer = keys.map((key) => `/${pointerPart(String(key))}`).join('');
  return makeBlock(block.document, `${block.pointer}${pointer}`, value);
}

function blockOf(
  document: Document,
  parent: string,
  value: unknown,
  key: string,
): Block | undefined {
  return makeBlock(document, `${parent}/${pointerPart(key)}`, value);
}

function makeBlock(document: Document, pointer: string, value: unknown): Block | undefined {
  if (!isMembers(value)) return undefined;
  return {
    document,
    pointer,
    members: value,
    get: (key) => member(value, key),
    at: (...keys) =>
      document.at(pointer + keys.map((key) => `/${pointerPart(String(key))}`).join('')),
  };
}

/** Whether a gate of the task is the string `required` (PROTOCOL.md §2). */
export function isGated(subject: Subject, gate: Gate): boolean {
  return member(member(subject.task?.value, 'gates'), gate) === 'required';
}
