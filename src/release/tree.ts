import { InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import type { GitObjectType, ObjectReader } from '../platform/git.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';
import { defaultLimits, type PackLimits } from './limits.ts';

/**
 * One entry of a tree exactly as the tree object holds it. `git ls-tree` would not do: it turns
 * mode 100664 into 100644 and cannot tell a name with a slash in it from two names.
 */
export interface RawEntry {
  /** Names from the listed directory down to this entry, in the tree's own bytes. */
  readonly parts: readonly Buffer[];
  readonly mode: number;
  readonly oid: string;
}

/** No tree object of a pack within the limits comes near this. */
const treeBytes = 32 * 1024 * 1024;
const directoryMode = 0o040000;
const submoduleMode = 0o160000;

/**
 * Every entry, directories included, below a directory of a commit; the order is by level.
 * undefined when the directory is not there, or is none.
 * @param under '' for the whole tree
 * @param levels how many levels of names; all when left out
 * @throws E_PACK_LIMIT as soon as there are too many entries or levels: a tree of a few kilobytes
 *   can spell out billions of them
 */
export async function listTree(
  context: ReleaseContext,
  options: {
    readonly commit: string;
    readonly under: PackPath;
    readonly limits?: PackLimits | undefined;
    readonly levels?: number | undefined;
  },
): Promise<RawEntry[] | undefined> {
  const { commit, under, limits = defaultLimits, levels = Infinity } = options;
  const reader = context.git.openObjects(storeDirectory(context), 'converse', context.signal);
  try {
    let [directory] = await readTrees(reader, [`${commit}^{tree}`]);
    for (const name of under === '' ? [] : under.split('/')) {
      const entry = directory?.find((item) => item.name.equals(Buffer.from(name)));
      if (entry?.mode !== directoryMode) return undefined;
      [directory] = await readTrees(reader, [entry.oid]);
    }
    if (directory === undefined) return undefined;
    return await descend(reader, directory, { limits, levels, where: under });
  } finally {
    await reader.close();
  }
}

async function descend(
  reader: ObjectReader,
  top: readonly TreeItem[],
  options: { readonly limits: PackLimits; readonly levels: number; readonly where: string },
): Promise<RawEntry[]> {
  const { limits, levels, where } = options;
  const all: RawEntry[] = [];
  let level: RawEntry[] = top.map(({ name, mode, oid }) => ({ parts: [name], mode, oid }));
  for (let depth = 1; level.length > 0; depth += 1) {
    for (const entry of level) all.push(entry);
    if (all.length > limits.entries) {
      throw limit(`more than ${limits.entries} files and directories`, where);
    }
    if (depth === levels) break;
    const directories = level.filter(({ mode }) => mode === directoryMode);
    if (depth > limits.depth && directories.length > 0) {
      throw limit(`directories deeper than ${limits.depth} levels`, where);
    }
    level = [];
    // One tree in many places is read once, and a level in slices: neither may fill the memory.
    const oids = [...new Set(directories.map(({ oid }) => oid))];
    const children = new Map<string, TreeItem[]>();
    let items = 0;
    for (let at = 0; at < oids.length; at += 256) {
      const slice = oids.slice(at, at + 256);
      for (const [index, tree] of (await readTrees(reader, slice)).entries()) {
        children.set(slice[index] ?? '', tree);
        items += tree.length;
        if (items > limits.entries) {
          throw limit(`more than ${limits.entries} files and directories`, where);
        }
      }
    }
    for (const { parts, oid } of directories) {
      for (const { name, mode, oid: child } of children.get(oid) ?? []) {
        level.push({ parts: [...parts, name], mode, oid: child });
      }
      if (all.length + level.length > limits.entries) {
        throw limit(`more than ${limits.entries} files and directories`, where);
      }
    }
  }
  return all;
}

interface TreeItem {
  readonly name: Buffer;
  readonly mode: number;
  readonly oid: string;
}

async function readTrees(reader: ObjectReader, names: readonly string[]): Promise<TreeItem[][]> {
  const trees: TreeItem[][] = [];
  for await (const { name, object } of readWhole(reader, names, treeBytes)) {
    if (object?.type !== 'tree') throw damaged(`tree ${name} is missing`);
    trees.push(parseTree(object.bytes, object.oid.length / 2));
  }
  return trees;
}

/** `<octal mode> <name>\0<binary object id>`, repeated (git's tree format). */
function parseTree(bytes: Buffer, oidBytes: number): TreeItem[] {
  const items: TreeItem[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space + 1);
    const mode = space === -1 ? '' : bytes.toString('latin1', at, space);
    if (!/^[0-7]{1,7}$/.test(mode) || end === -1 || end + 1 + oidBytes > bytes.length) {
      throw damaged('a tree object is malformed');
    }
    const next = end + 1 + oidBytes;
    items.push({
      mode: parseInt(mode, 8),
      name: bytes.subarray(space + 1, end),
      oid: bytes.toString('hex', end + 1, next),
    });
    at = next;
  }
  return items;
}

/**
 * One document of a commit, the catalog for instance; undefined when there is no file at the
 * path. Links are not followed.
 * @param limit bytes, 1 MiB when left out
 * @throws E_PACK_LIMIT
 */
export async function readDocument(
  context: ReleaseContext,
  options: { readonly commit: string; readonly path: PackPath; readonly limit?: number },
): Promise<Buffer | undefined> {
  const { commit, path, limit: bytes = 1024 * 1024 } = options;
  if (path.includes('\n')) return undefined;
  const slash = path.lastIndexOf('/');
  const reader = context.git.openObjects(storeDirectory(context), 'converse', context.signal);
  try {
    const directory = slash === -1 ? `${commit}^{tree}` : `${commit}:${path.slice(0, slash)}`;
    for await (const { object } of readWhole(reader, [directory], treeBytes)) {
      if (object?.type !== 'tree') return undefined;
      const entry = parseTree(object.bytes, object.oid.length / 2).find((item) =>
        item.name.equals(Buffer.from(path.slice(slash + 1))),
      );
      if (entry === undefined || entry.mode === submoduleMode) return undefined;
      if ((entry.mode & 0o170000) !== 0o100000) return undefined;
      for await (const document of readWhole(reader, [entry.oid], bytes, path)) {
        if (document.object === undefined) throw damaged(`${path} is missing`);
        return document.object.bytes;
      }
    }
    return undefined;
  } finally {
    await reader.close();
  }
}

/**
 * Whole objects, each within a limit of bytes; undefined for one that is not there.
 * @param where what an error about the limit names instead of the object
 */
async function* readWhole(
  reader: ObjectReader,
  names: readonly string[],
  bytes: number,
  where?: string,
): AsyncGenerator<{
  readonly name: string;
  readonly object: { oid: string; type: GitObjectType; bytes: Buffer } | undefined;
}> {
  let index = 0;
  let header: { oid: string; type: GitObjectType } | undefined;
  let pieces: Buffer[] = [];
  for await (const parts of reader.read(names)) {
    for (const part of parts) {
      const name = names[index] ?? '';
      switch (part.kind) {
        case 'header':
          if (part.size > bytes) throw limit(`an object over ${bytes} bytes`, where ?? name);
          header = part;
          pieces = [];
          break;
        case 'data':
          pieces.push(part.bytes);
          break;
        case 'end':
          if (header !== undefined) {
            yield { name, object: { ...header, bytes: Buffer.concat(pieces) } };
          }
          index += 1;
          break;
        case 'missing':
          yield { name, object: undefined };
          index += 1;
      }
    }
  }
}

function limit(what: string, where: string): InstallError {
  return new InstallError('E_PACK_LIMIT', `The pack holds ${what}: ${printable(where || '/')}`, {
    hint: 'Such a pack is a mistake or an attack; tell its maintainers.',
    details: { path: where },
  });
}

function damaged(what: string): InstallError {
  return new InstallError('E_SOURCE_UNREACHABLE', `The release is incomplete: ${what}.`, {
    hint: 'Move the releases.git of the home aside and fetch again.',
  });
}
