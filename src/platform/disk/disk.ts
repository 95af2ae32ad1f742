import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statfsSync,
  unlinkSync,
  type BigIntStats,
} from 'node:fs';
import { errnoOf } from '../../core/errors.ts';
import { inCheckedDirectory } from './checked-directory.ts';
import { flushFileSystems, syncPath } from './barrier.ts';
import { createExclusive, openExisting, openRegular, readToEnd, writeAll } from './descriptor.ts';
import type { FileSystem, NodeKind, Stat } from '../file-system.ts';
import { canHoldDirectories, heeding, inHeldDirectory } from './held-directory.ts';
import { exchangePaths } from '../native-extensions.ts';
import { systemError, undecodableNames } from '../system-error.ts';

const { O_APPEND, O_RDONLY, O_WRONLY } = constants;
const chunkBytes = 1024 * 1024;

export interface DiskOptions {
  /** Whether a directory can be held by a descriptor; determined at the first `inDirectory`. */
  readonly holdsDirectories?: () => boolean;
}

/** The real file system, by synchronous calls that never follow a link at the last component. */
export function createDiskFileSystem({
  holdsDirectories = canHoldDirectories,
}: DiskOptions = {}): FileSystem {
  return {
    stat: heeding(stat),
    list: heeding(list),
    read: heeding(read),
    readChunks,
    realPath: (path) => realpathSync.native(path),
    readLink: heeding((path: string) => readlinkSync(path)),
    freeBytes: heeding(freeBytes),
    inDirectory: (root, directory, act) =>
      holdsDirectories()
        ? inHeldDirectory(root, directory, act)
        : inCheckedDirectory(stat, root, directory, act),
    makeDirectory: heeding(makeDirectory),
    writeNew: heeding(writeNew),
    append: heeding(append),
    truncate: heeding(truncate),
    rename: heeding((from: string, to: string) => renameSync(from, to)),
    link: heeding(link),
    exchange: heeding(exchangePaths),
    unlink: heeding((path: string) => unlinkSync(path)),
    removeDirectory: heeding((path: string) => rmdirSync(path)),
    changeMode: heeding(changeMode),
    sync: heeding(syncPath),
    barrier: flushFileSystems,
  };
}

function stat(path: string): Stat | undefined {
  let stats: BigIntStats | undefined;
  try {
    stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  if (stats === undefined) return undefined;
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    device: stats.dev,
    inode: stats.ino,
    links: Number(stats.nlink),
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
  };
}

function kindOf(stats: BigIntStats): NodeKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'link';
  return 'special';
}

function list(path: string): string[] {
  const names = readdirSync(path);
  // Bytes that are not UTF-8 were decoded to U+FFFD; such a name would lead to another file or to
  // nothing. A name may also really contain that character, so check the bytes before refusing it.
  if (names.some((name) => name.includes('\uFFFD'))) {
    const error = undecodableNames(readdirSync(path, { encoding: 'buffer' }), path);
    if (error !== undefined) throw error;
  }
  return names.sort();
}

function read(path: string): Buffer {
  const { descriptor, stats } = openRegular(path, O_RDONLY);
  try {
    return readToEnd(descriptor, stats.size);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Buffers that are not in use. Allocating one for every small file would cost more than reading it;
 * there are as many as files were ever read at the same time, which is one or two.
 */
const idleBuffers: Buffer[] = [];

const openForReading = heeding((path: string) => openRegular(path, O_RDONLY));

function* readChunks(path: string): Generator<Uint8Array, void, undefined> {
  const { descriptor, stats } = openForReading(path);
  const buffer = idleBuffers.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  try {
    let length = 0;
    for (;;) {
      const got = readSync(descriptor, buffer, 0, chunkBytes, null);
      if (got === 0) return;
      yield buffer.subarray(0, got);
      length += got;
      // As in `readToEnd`: a read that does not fill the buffer has reached the end.
      if (got < chunkBytes && length === stats.size) return;
    }
  } finally {
    idleBuffers.push(buffer);
    closeSync(descriptor);
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path, { bigint: true });
  return Number(bavail * bsize);
}

function makeDirectory(path: string, mode: number): void {
  // The mode at once, so that a crash before the second call leaves it right almost always.
  mkdirSync(path, mode);
  chmodSync(path, mode);
}

/** A failure leaves the file with what was written so far; the caller knows its name. */
function writeNew(path: string, content: Uint8Array | Iterable<Uint8Array>, mode: number): void {
  const descriptor = createExclusive(path, mode, O_WRONLY);
  try {
    if (content instanceof Uint8Array) writeAll(descriptor, content, path);
    else for (const chunk of content) writeAll(descriptor, chunk, path);
  } finally {
    closeSync(descriptor);
  }
}

function append(path: string, bytes: Uint8Array): void {
  const descriptor = openForAppending(path);
  try {
    writeAll(descriptor, bytes, path);
  } finally {
    closeSync(descriptor);
  }
}

function openForAppending(path: string): number {
  try {
    return openRegular(path, O_WRONLY | O_APPEND).descriptor;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return createExclusive(path, 0o600, O_WRONLY | O_APPEND);
  }
}

function truncate(path: string, size: number): void {
  const { descriptor } = openRegular(path, O_WRONLY);
  try {
    ftruncateSync(descriptor, size);
  } finally {
    closeSync(descriptor);
  }
}

function link(existing: string, to: string): void {
  // link(2) follows a link on some systems and not on others; it must never happen here.
  if (lstatSync(existing).isSymbolicLink()) {
    throw systemError('ELOOP', 'too many symbolic links encountered', 'link', existing);
  }
  linkSync(existing, to);
}

function changeMode(path: string, mode: number): void {
  let descriptor: number;
  try {
    descriptor = openExisting(path, O_RDONLY);
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error;
    // An owner without read permission can change the mode only by name.
    if (lstatSync(path).isSymbolicLink()) throw error;
    chmodSync(path, mode);
    return;
  }
  try {
    fchmodSync(descriptor, mode);
  } finally {
    closeSync(descriptor);
  }
}
