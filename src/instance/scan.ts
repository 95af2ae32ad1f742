import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sha256OfChunks } from '../core/digest.ts';
import { absent, type EntryState, type FileState } from '../core/entry.ts';
import { errnoOf, InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';
import type { ReadFileSystem, Stat } from '../platform/file-system.ts';
import { undecodableNamesIn } from '../platform/system-error.ts';

/** Identity of the inode that was scanned; a swap compares it with what it took out. */
export interface InodeFacts {
  /** Permission bits. */
  readonly mode: number;
  readonly device: bigint;
  readonly inode: bigint;
}

export interface LocalFile extends FileState, InodeFacts {
  /** Hard links to the inode; more than one means that the bytes are shared with another name. */
  readonly links: number;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export type LocalEntry =
  LocalFile | ({ readonly kind: 'directory' | 'link' | 'special' } & InodeFacts);

/** Every existing path below an instance, parents before children. */
export type LocalState = ReadonlyMap<PackPath, LocalEntry>;

export interface ScanLimits {
  readonly entries: number;
  readonly depth: number;
}

const scanLimits: ScanLimits = { entries: 1_000_000, depth: 128 };

/** Work between two pauses, in bytes: some tens of milliseconds (docs/speed.md#reading). */
const sliceBytes = 8 * 1024 * 1024;
/** The cost of opening and closing one file, in bytes that could be hashed in that time. */
const openingBytes = 32 * 1024;
const wholeFileBytes = 1024 * 1024;

/**
 * Scans everything below an instance and hashes its files; links are not followed. A missing
 * instance has an empty state. The calls are synchronous; `breathe` is called between slices of
 * them, and awaited where it returns a promise.
 *
 * @throws InstallError E_INSTANCE_UNREADABLE naming all that cannot be read, E_INSTANCE_UNSAFE (not
 *   a directory), E_INSTANCE_LIMIT
 */
export async function scanInstance(options: {
  readonly fs: ReadFileSystem;
  /** Absolute. */
  readonly path: string;
  readonly breathe?: () => Promise<void> | undefined;
  readonly limits?: Partial<ScanLimits>;
}): Promise<LocalState> {
  const { fs, path: root, breathe } = options;
  const limits = { ...scanLimits, ...options.limits };
  const entries = new Map<PackPath, LocalEntry>();
  const unreadable: { path: string; reason: string }[] = [];

  const rootStat = fs.stat(root);
  if (rootStat === undefined) return entries;
  if (rootStat.kind !== 'directory') {
    throw new InstallError('E_INSTANCE_UNSAFE', `${root} is not a directory.`, {
      remedy: 'Move away what is in the place of the instance.',
      details: { path: root },
    });
  }

  let work = 0;
  const spend = (bytes: number): Promise<void> | undefined => {
    work += bytes;
    if (work < sliceBytes) return undefined;
    work = 0;
    return breathe?.();
  };
  const limit = (what: string): never => {
    throw new InstallError('E_INSTANCE_LIMIT', `${root} holds more than ${what}.`, {
      remedy: 'Move what does not belong to the identity out of its instance.',
      details: { path: root, ...limits },
    });
  };

  const noteUnreadable = (path: PackPath, error: unknown): void => {
    const reason = errnoOf(error);
    if (reason === undefined || error instanceof InstallError) throw error;
    unreadable.push(...placesOf(path, error).map((place) => ({ path: place, reason })));
  };

  // A stack in place of recursion: siblings are pushed in reverse so that order stays.
  const waiting: { path: PackPath; depth: number }[] = [];
  const enter = (directory: PackPath, depth: number): void => {
    const names = fs.list(join(root, directory));
    if (names.length > 0 && depth > limits.depth) limit(`${limits.depth} levels`);
    for (let index = names.length - 1; index >= 0; index -= 1) {
      const name = names[index] ?? '';
      waiting.push({ path: directory === '' ? name : `${directory}/${name}`, depth });
    }
  };

  try {
    enter('', 1);
  } catch (error) {
    noteUnreadable('.', error);
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, depth } = next;
    const absolute = join(root, path);
    try {
      const stat = fs.stat(absolute);
      if (stat === undefined) continue; // gone since it was listed
      if (entries.size >= limits.entries) limit(`${limits.entries} entries`);
      if (stat.kind === 'file') {
        const pause = spend(openingBytes);
        if (pause !== undefined) await pause;
        const content =
          stat.size < wholeFileBytes
            ? sha256OfChunks(fs.readChunks(absolute))
            : await digestChunks(fs.readChunks(absolute), spend);
        entries.set(path, fileEntry(stat, content));
      } else {
        entries.set(path, { kind: stat.kind, ...inodeFacts(stat) });
        if (stat.kind === 'directory') enter(path, depth + 1);
      }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') entries.delete(path);
      else noteUnreadable(path, error);
    }
  }
  if (unreadable.length > 0) refuseUnreadable(root, unreadable);
  return entries;
}

/**
 * Names in a directory of an instance.
 *
 * @param directory relative to the root, '' for the root itself
 * @throws InstallError E_INSTANCE_UNREADABLE naming those that are not UTF-8
 */
export function namesInInstance(fs: ReadFileSystem, root: string, directory: PackPath): string[] {
  try {
    return fs.list(join(root, directory));
  } catch (error) {
    const reason = errnoOf(error);
    if (reason !== 'EILSEQ') throw error;
    refuseUnreadable(
      root,
      placesOf(directory, error).map((path) => ({ path, reason })),
    );
  }
}

/** What cannot be read at a path: some names in it, or the path itself. */
function placesOf(path: PackPath, error: unknown): readonly string[] {
  const names = undecodableNamesIn(error);
  return names.length === 0 ? [path] : names.map((name) => join(path, name));
}

/** What three-way comparison needs to know about a path. */
export function localState(entries: LocalState, path: PackPath): EntryState {
  const entry = entries.get(path);
  if (entry === undefined) return absent;
  if (entry.kind !== 'file') return { kind: entry.kind };
  const { kind, sha256: digest, size, executable } = entry;
  return { kind, sha256: digest, size, executable };
}

interface Content {
  readonly sha256: string;
  readonly size: number;
}

/** Hashes a large file, with pauses between its chunks. */
async function digestChunks(
  chunks: Iterable<Uint8Array>,
  spend: (bytes: number) => Promise<void> | undefined,
): Promise<Content> {
  const hash = createHash('sha256');
  let size = 0;
  for (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.byteLength;
    const pause = spend(chunk.byteLength);
    if (pause !== undefined) await pause;
  }
  return { sha256: hash.digest('hex'), size };
}

/** The size is that of the bytes that were hashed: the file may have grown since its `stat`. */
function fileEntry(stat: Stat, content: Content): LocalFile {
  return {
    kind: 'file',
    ...content,
    executable: (stat.mode & 0o100) !== 0,
    ...inodeFacts(stat),
    links: stat.links,
    modifiedNs: stat.modifiedNs,
    changedNs: stat.changedNs,
  };
}

function inodeFacts({ mode, device, inode }: Stat): InodeFacts {
  return { mode, device, inode };
}

function refuseUnreadable(
  root: string,
  unreadable: readonly { path: string; reason: string }[],
): never {
  const first = unreadable.slice(0, 5).map(({ path, reason }) => `${path} (${reason})`);
  const rest = unreadable.length - first.length;
  throw new InstallError(
    'E_INSTANCE_UNREADABLE',
    `${root} holds files that cannot be read: ${first.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
    {
      remedy: unreadable.every(({ reason }) => reason === 'EILSEQ')
        ? "Rename them: their names are not UTF-8 (mv accepts $'...\\xff' in bash), and a file without a usable name cannot be protected."
        : 'Make the files readable, and rename those with EILSEQ, whose names are not UTF-8; a file that cannot be read cannot be protected.',
      details: { path: root, unreadable },
    },
  );
}
