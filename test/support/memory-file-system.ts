import { createFsFromVolume, Volume } from 'memfs';
import type * as NodeFs from 'node:fs';
import { dirname } from 'node:path/posix';
import { inCheckedDirectory } from '../../src/platform/disk/checked-directory.ts';
import type { FileSystem, NodeKind, Stat } from '../../src/platform/file-system.ts';
import { systemError } from '../../src/platform/system-error.ts';
import type { Seed } from './temporary-directory.ts';

/** memfs as node:fs has it; its own types differ from node's in details that do not matter. */
type Fs = typeof NodeFs;

export interface MemoryFileSystem extends FileSystem {
  /** The volume as a `node:fs`, for what the port has no call for: symbolic links, inspection. */
  readonly raw: Fs;
}

const chunkBytes = 1024 * 1024;

/**
 * A `FileSystem` in memory. memfs renames over full directories, links directories and counts
 * links wrongly; what the kernel would refuse is refused here first. Passes the same conformance
 * suite as the disk.
 */
export function createMemoryFileSystem(seed: Seed = {}): MemoryFileSystem {
  const fs = createFsFromVolume(new Volume()) as unknown as Fs;
  for (const [path, content] of Object.entries(seed)) {
    fs.mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (content !== null) fs.writeFileSync(path, content);
  }
  return { raw: fs, ...reading(fs), ...writing(fs), ...naming(fs), ...durability(fs) };
}

function reading(fs: Fs) {
  return {
    stat: (path: string) => statOf(fs, path),
    list(path: string): string[] {
      must(fs, path, 'directory', 'scandir');
      return fs.readdirSync(path).sort();
    },
    read(path: string): Buffer {
      mustBeFile(fs, path, 'open');
      return fs.readFileSync(path);
    },
    *readChunks(path: string): Generator<Uint8Array, void, undefined> {
      mustBeFile(fs, path, 'open');
      const bytes = fs.readFileSync(path);
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, bytes.byteLength));
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
        // One buffer for all chunks, as on disk: a consumer that keeps chunks must fail here too.
        yield buffer.subarray(0, bytes.copy(buffer, 0, at, at + chunkBytes));
      }
    },
    realPath: (path: string) => fs.realpathSync(path),
    readLink(path: string): string {
      if (existing(fs, path, 'readlink').kind !== 'link') throw fault('EINVAL', 'readlink', path);
      return fs.readlinkSync(path);
    },
    freeBytes(path: string): number {
      existing(fs, path, 'statfs');
      return 1024 ** 4;
    },
    inDirectory: <T>(root: string, directory: string, act: () => T) =>
      inCheckedDirectory((path) => statOf(fs, path), root, directory, act),
  };
}

function writing(fs: Fs) {
  return {
    makeDirectory(path: string, mode: number): void {
      mustBeFree(fs, path, 'mkdir');
      fs.mkdirSync(path);
      fs.chmodSync(path, mode);
    },
    writeNew(path: string, content: Uint8Array | Iterable<Uint8Array>, mode: number): void {
      mustBeFree(fs, path, 'open');
      fs.writeFileSync(path, '');
      fs.chmodSync(path, mode);
      if (content instanceof Uint8Array) fs.appendFileSync(path, content);
      else for (const chunk of content) fs.appendFileSync(path, chunk);
    },
    append(path: string, bytes: Uint8Array): void {
      if (statOf(fs, path) === undefined) {
        mustBeFree(fs, path, 'open');
        fs.writeFileSync(path, '');
        fs.chmodSync(path, 0o600);
      }
      mustBeFile(fs, path, 'open');
      fs.appendFileSync(path, bytes);
    },
    truncate(path: string, size: number): void {
      mustBeFile(fs, path, 'open');
      fs.truncateSync(path, size);
    },
    changeMode(path: string, mode: number): void {
      if (existing(fs, path, 'chmod').kind === 'link') throw fault('ELOOP', 'chmod', path);
      fs.chmodSync(path, mode);
    },
  };
}

function naming(fs: Fs) {
  return {
    rename: (from: string, to: string) => rename(fs, from, to),
    link(from: string, to: string): void {
      const { kind } = existing(fs, from, 'link');
      if (kind === 'link') throw fault('ELOOP', 'link', from);
      mustBeFree(fs, to, 'link');
      if (kind === 'directory') throw fault('EPERM', 'link', from);
      fs.linkSync(from, to);
    },
    exchange: (left: string, right: string) => exchange(fs, left, right),
    unlink(path: string): void {
      if (existing(fs, path, 'unlink').kind === 'directory') throw fault('EISDIR', 'unlink', path);
      fs.unlinkSync(path);
    },
    removeDirectory(path: string): void {
      must(fs, path, 'directory', 'rmdir');
      if (fs.readdirSync(path).length > 0) throw fault('ENOTEMPTY', 'rmdir', path);
      fs.rmdirSync(path);
    },
  };
}

function durability(fs: Fs) {
  return {
    sync(path: string): void {
      if (existing(fs, path, 'open').kind === 'link') throw fault('ELOOP', 'open', path);
    },
    async barrier(paths: readonly string[]): Promise<void> {
      for (const path of paths) existing(fs, path, 'lstat');
    },
  };
}

function rename(fs: Fs, from: string, to: string): void {
  const source = existing(fs, from, 'rename');
  existing(fs, dirname(to), 'rename');
  must(fs, dirname(to), 'directory', 'rename');
  if (to.startsWith(`${from}/`)) throw fault('EINVAL', 'rename', from);
  const target = statOf(fs, to);
  if (target !== undefined) {
    // Two names of one file: rename(2) does nothing, successfully.
    if (target.inode === source.inode) return;
    if (source.kind === 'directory' && target.kind !== 'directory') {
      throw fault('ENOTDIR', 'rename', from);
    }
    if (source.kind !== 'directory' && target.kind === 'directory') {
      throw fault('EISDIR', 'rename', from);
    }
    if (target.kind === 'directory') {
      if (fs.readdirSync(to).length > 0) throw fault('ENOTEMPTY', 'rename', from);
      fs.rmdirSync(to);
    } else {
      // memfs leaves the link count of a file that is renamed over as it was.
      fs.unlinkSync(to);
    }
  }
  fs.renameSync(from, to);
}

function exchange(fs: Fs, left: string, right: string): void {
  existing(fs, left, 'exchange');
  existing(fs, right, 'exchange');
  if (left.startsWith(`${right}/`) || right.startsWith(`${left}/`)) {
    throw fault('EINVAL', 'exchange', left);
  }
  if (left === right) return;
  const aside = `${left}.being-exchanged`;
  fs.renameSync(left, aside);
  fs.renameSync(right, left);
  fs.renameSync(aside, right);
}

function statOf(fs: Fs, path: string): Stat | undefined {
  try {
    const stats = fs.lstatSync(path, { bigint: true });
    const kind: NodeKind = stats.isFile()
      ? 'file'
      : stats.isDirectory()
        ? 'directory'
        : stats.isSymbolicLink()
          ? 'link'
          : 'special';
    return {
      kind,
      size: Number(stats.size),
      mode: Number(stats.mode) & 0o7777,
      uid: Number(stats.uid),
      device: stats.dev,
      inode: stats.ino,
      links: Number(stats.nlink),
      modifiedNs: stats.mtimeNs,
      changedNs: stats.ctimeNs,
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function existing(fs: Fs, path: string, call: string): Stat {
  const stat = statOf(fs, path);
  if (stat !== undefined) return stat;
  throw fault(behindFile(fs, path) ? 'ENOTDIR' : 'ENOENT', call, path);
}

/** Whether the nearest thing that exists above the path is not a directory. */
function behindFile(fs: Fs, path: string): boolean {
  const above = dirname(path);
  const stat = statOf(fs, above);
  if (stat === undefined) return above !== path && behindFile(fs, above);
  return stat.kind === 'file' || stat.kind === 'special';
}

function must(fs: Fs, path: string, kind: NodeKind, call: string): void {
  const stat = existing(fs, path, call);
  const resolved = stat.kind === 'link' ? statOf(fs, fs.realpathSync(path)) : stat;
  if (resolved?.kind !== kind) throw fault('ENOTDIR', call, path);
}

function mustBeFile(fs: Fs, path: string, call: string): void {
  const { kind } = existing(fs, path, call);
  if (kind === 'link') throw fault('ELOOP', call, path);
  if (kind === 'directory') throw fault('EISDIR', call, path);
  if (kind === 'special') throw fault('EINVAL', call, path);
}

function mustBeFree(fs: Fs, path: string, call: string): void {
  if (statOf(fs, path) !== undefined) throw fault('EEXIST', call, path);
  must(fs, dirname(path), 'directory', call);
}

function fault(code: string, call: string, path: string): Error {
  return systemError(code, 'in memory', call, path);
}
