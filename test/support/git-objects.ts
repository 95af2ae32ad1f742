import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

/**
 * Writes a repository as git would, without git: hundreds of tests want one, and each would start a
 * dozen processes.
 */

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface RawTreeEntry {
  /** As the tree object spells it: `100644`, `40000`, `100664`. */
  readonly mode: string;
  readonly name: string | Buffer;
  readonly oid: string;
}

const somebody = 'Test <test@example.invalid> 1700000000 +0000';

/** What `git init --bare` makes of an empty template. */
export function writeBareRepository(path: string): void {
  for (const directory of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    mkdirSync(join(path, directory), { recursive: true });
  }
  writeFileSync(join(path, 'HEAD'), 'ref: refs/heads/main\n');
  const settings = '\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';
  writeFileSync(join(path, 'config'), `[core]\n${settings}`);
}

/** Writes an object, however wrong it is; @returns its id */
export function writeObject(path: string, type: ObjectType, content: Uint8Array): string {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.byteLength}\0`), content]);
  const oid = idOf(whole);
  const file = fileOf(path, oid);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, deflateSync(whole, { level: 1 }), { mode: 0o444 });
  }
  return oid;
}

export interface LooseObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** Undefined if it is missing, packed, or not an object of that id. */
export function readObject(path: string, oid: string): LooseObject | undefined {
  const file = fileOf(path, oid);
  if (!existsSync(file)) return undefined;
  const whole = inflated(readFileSync(file));
  if (whole === undefined || idOf(whole) !== oid) return undefined;
  const end = whole.indexOf(0);
  const [, type, size] =
    /^(blob|tree|commit|tag) (\d+)$/.exec(whole.toString('latin1', 0, end)) ?? [];
  const bytes = whole.subarray(end + 1);
  return Number(size) === bytes.length ? { type: type as ObjectType, bytes } : undefined;
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return inflateSync(bytes);
  } catch {
    // A damaged object is for git to describe.
    return undefined;
  }
}

/** Copies an object between repositories, in one step. */
export function copyObject(from: string, to: string, oid: string): void {
  const target = fileOf(to, oid);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(fileOf(from, oid), `${target}.new`);
  renameSync(`${target}.new`, target);
}

/** The entries of a tree object; undefined if they are not in git's form. */
export function entriesOf(tree: Buffer): RawTreeEntry[] | undefined {
  const entries: RawTreeEntry[] = [];
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space + 1);
    if (space === -1 || end === -1 || end + 21 > tree.length) return undefined;
    entries.push({
      mode: tree.toString('latin1', at, space),
      name: tree.subarray(space + 1, end),
      oid: tree.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** A commit without parents and all below it: their ids, the commit first. */
export function reachableFrom(path: string, commit: string): string[] {
  const found = new Set<string>();
  const visit = (oid: string): void => {
    const object = readObject(path, oid);
    if (object === undefined) throw new Error(`${oid} is not in ${path}`);
    if (found.has(oid)) return;
    found.add(oid);
    if (object.type === 'commit') visit(object.bytes.toString('latin1', 5, 45));
    if (object.type === 'tree') entriesOf(object.bytes)?.forEach((entry) => visit(entry.oid));
  };
  visit(commit);
  return [...found];
}

function fileOf(path: string, oid: string): string {
  return join(path, 'objects', oid.slice(0, 2), oid.slice(2));
}

function idOf(whole: Uint8Array): string {
  return createHash('sha1').update(whole).digest('hex');
}

/** A tree of exactly these entries, in this order. */
export function treeContent(entries: readonly RawTreeEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} `),
      Buffer.from(name),
      Buffer.from([0]),
      Buffer.from(oid, 'hex'),
    ]),
  );
}

/** A commit without parents. */
export function commitContent(tree: string, message: string): Buffer {
  return Buffer.from(`tree ${tree}\nauthor ${somebody}\ncommitter ${somebody}\n\n${message}\n`);
}

export function tagContent(name: string, object: string, type: ObjectType): Buffer {
  return Buffer.from(
    `object ${object}\ntype ${type}\ntag ${name}\ntagger ${somebody}\n\n${name}\n`,
  );
}

export interface FileToWrite {
  readonly path: string;
  readonly mode: '100644' | '100755';
  readonly content: Uint8Array;
}

/** Writes files as blobs and trees; @returns the tree of all */
export function writeTree(path: string, files: readonly FileToWrite[]): string {
  const entries = new Map<string, RawTreeEntry>();
  const below = new Map<string, FileToWrite[]>();
  for (const file of files) {
    const slash = file.path.indexOf('/');
    if (slash === -1) {
      const oid = writeObject(path, 'blob', file.content);
      entries.set(file.path, { mode: file.mode, name: file.path, oid });
    } else {
      const directory = file.path.slice(0, slash);
      const inner = below.get(directory) ?? [];
      inner.push({ ...file, path: file.path.slice(slash + 1) });
      below.set(directory, inner);
    }
  }
  for (const [name, inner] of below) {
    entries.set(name, { mode: '40000', name, oid: writeTree(path, inner) });
  }
  // Git sorts a directory as if its name ended in a slash.
  const keyOf = ({ mode, name }: RawTreeEntry) =>
    Buffer.from(mode === '40000' ? `${String(name)}/` : String(name));
  const sorted = [...entries.values()].sort((left, right) =>
    Buffer.compare(keyOf(left), keyOf(right)),
  );
  return writeObject(path, 'tree', treeContent(sorted));
}

/** Creates or moves a reference. */
export function writeRef(path: string, ref: string, oid: string): void {
  mkdirSync(dirname(join(path, ref)), { recursive: true });
  writeFileSync(join(path, ref), `${oid}\n`);
}
