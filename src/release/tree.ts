import { InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import type { GitObjectType, ObjectReader } from '../platform/git.ts';
import { storeDirectory, type StoreContext } from './context.ts';
import { limitsOf, type PackLimits } from './limits.ts';

/**
 * One entry of a tree exactly as the tree object holds it. `git ls-tree` does not suffice: it turns
 * mode 100664 into 100644 and cannot distinguish a name with a slash in it from two names.
 */
export interface RawEntry {
  /** Names from the listed directory down to this entry, in the tree's own bytes. */
  readonly parts: readonly Buffer[];
  readonly mode: number;
  readonly oid: string;
}

/** No tree object of a pack that keeps the limits comes near this. */
const treeBytes = 32 * 1024 * 1024;
/** An entry this deep has a path over the limit on paths, which cannot be raised. */
const deepest = 4096;
const directoryMode = 0o040000;
const submoduleMode = 0o160000;

export interface TreeListing {
  readonly entries: readonly RawEntry[];
  /** Entries counted: more than are listed if the listing stopped at a limit. */
  readonly found: number;
}

/**
 * Every entry, directories included, below a directory of a commit; the order is by level.
 * Undefined if the directory is missing or not a directory. A tree of a few kilobytes can expand to
 * billions of entries: the listing ends, without an error, one level below the limit on depth and
 * as soon as it has counted more entries than their limit. `checkTree` reports that.
 * @param under '' for the whole tree
 * @param levels how many levels of names to list, independent of the limits of a pack, which apply
 *   inside it and not to the way to it; default: all that `checkTree` needs
 */
export async function listTree(
  context: StoreContext,
  options: {
    readonly commit: string;
    readonly under: PackPath;
    readonly levels?: number | undefined;
  },
): Promise<TreeListing | undefined> {
  const { commit, under } = options;
  const limits = limitsOf(context);
  const levels = Math.min(options.levels ?? limits.depth + 1, deepest);
  const reader = context.git.openObjects(storeDirectory(context), 'converse', context.signal);
  try {
    let directory = await readTree(reader, `${commit}^{tree}`, limits);
    for (const name of under === '' ? [] : under.split('/')) {
      const entry = directory.find((item) => item.name.equals(Buffer.from(name)));
      if (entry?.mode !== directoryMode) return undefined;
      directory = await readTree(reader, entry.oid, limits);
    }
    return await descend(reader, directory, { limits, levels });
  } finally {
    await reader.close();
  }
}

async function descend(
  reader: ObjectReader,
  top: readonly TreeItem[],
  { limits, levels }: { readonly limits: PackLimits; readonly levels: number },
): Promise<TreeListing> {
  const entries: RawEntry[] = [];
  let level: RawEntry[] = top.map(({ name, mode, oid }) => ({ parts: [name], mode, oid }));
  for (let depth = 1; level.length > 0; depth += 1) {
    for (const entry of level) entries.push(entry);
    const room = limits.entries - entries.length;
    if (room < 0 || depth >= levels) break;
    const directories = level.filter(({ mode }) => mode === directoryMode);
    // A tree in many places is read once; the number of kept trees is limited.
    const oids = [...new Set(directories.map(({ oid }) => oid))];
    const children = new Map<string, TreeItem[]>();
    let items = 0;
    for (let at = 0; at < oids.length; at += 256) {
      for await (const tree of readTrees(reader, oids.slice(at, at + 256), limits)) {
        if (items <= room) children.set(tree.name, tree.items);
        items += tree.items.length;
      }
      if (items > room) return { entries, found: entries.length + items };
    }
    const next = directories.reduce((sum, { oid }) => sum + (children.get(oid)?.length ?? 0), 0);
    if (next > room) return { entries, found: entries.length + next };
    level = directories.flatMap(({ parts, oid }) =>
      (children.get(oid) ?? []).map(({ name, mode, oid: child }) => ({
        parts: [...parts, name],
        mode,
        oid: child,
      })),
    );
  }
  return { entries, found: entries.length };
}

interface TreeItem {
  readonly name: Buffer;
  readonly mode: number;
  readonly oid: string;
}

async function readTree(
  reader: ObjectReader,
  name: string,
  limits: PackLimits,
): Promise<TreeItem[]> {
  let found: TreeItem[] = [];
  for await (const { items } of readTrees(reader, [name], limits)) found = items;
  return found;
}

async function* readTrees(
  reader: ObjectReader,
  names: readonly string[],
  limits: PackLimits,
): AsyncGenerator<{ readonly name: string; readonly items: TreeItem[] }> {
  for await (const { name, object } of readWhole(reader, names, treeBytes)) {
    if (object?.type !== 'tree') throw damaged(`tree ${name} is missing`);
    // One more than permitted shows that there are too many.
    yield { name, items: parseTree(object.bytes, object.oid.length / 2, limits.entries + 1) };
  }
}

/** `<octal mode> <name>\0<binary object id>`, repeated (git's tree format); the first `most`. */
function parseTree(bytes: Buffer, oidBytes: number, most = Infinity): TreeItem[] {
  const items: TreeItem[] = [];
  for (let at = 0; at < bytes.length && items.length < most;) {
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
 * One document of a commit, the catalog for instance; undefined if there is no file at the path.
 * Links are not followed.
 *
 * @param limit bytes; default: 1 MiB
 * @throws E_PACK_LIMIT
 */
export async function readDocument(
  context: StoreContext,
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
 * Whole objects, each up to a limit of bytes; undefined for a missing one.
 *
 * @param where named in an error about the limit, instead of the object
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
          if (part.size > bytes) throw tooLarge(part.size, bytes, where ?? name);
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

function tooLarge(found: number, limit: number, where: string): InstallError {
  return new InstallError(
    'E_PACK_LIMIT',
    `The release holds an object of ${found} bytes, over the limit of ${limit}: ${printable(where)}`,
    {
      remedy: 'Such a release is a mistake or an attack; report it to its maintainers.',
      details: { path: where, found, limit },
    },
  );
}

function damaged(what: string): InstallError {
  return new InstallError('E_SOURCE_UNREACHABLE', `The release is incomplete: ${what}.`, {
    remedy: 'Move the releases.git of the home aside and fetch again.',
  });
}
