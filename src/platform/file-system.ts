/**
 * The file system as the rest of the program sees it. Paths are absolute. Calls are synchronous,
 * because for many small files that is several times faster than promises; callers work in slices
 * (`platform/pace.ts`). Failures are the operating system's own errors with their errno `code`.
 */

export type NodeKind = 'file' | 'directory' | 'link' | 'special';

export interface Stat {
  readonly kind: NodeKind;
  /** Bytes. */
  readonly size: number;
  /** Permission bits, `0o7777` at most. */
  readonly mode: number;
  readonly uid: number;
  readonly device: bigint;
  readonly inode: bigint;
  /** Hard links to this inode. */
  readonly links: number;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export interface ReadFileSystem {
  /** What is at the path, links not followed; undefined if there is nothing (ENOENT, ENOTDIR). */
  stat(path: string): Stat | undefined;
  /** Names in a directory, sorted by code unit, links not followed. */
  list(path: string): string[];
  /** The whole file. The last component may not be a link (ELOOP). */
  read(path: string): Buffer;
  /**
   * The file in chunks of at most 1 MiB. A chunk is valid until the next one is requested, the last
   * one until the loop ends.
   */
  readChunks(path: string): Iterable<Uint8Array>;
  /** The path with every link resolved. */
  realPath(path: string): string;
  /** The target of a link, unresolved. */
  readLink(path: string): string;
  /** Bytes that an ordinary user can still write to the file system of an existing path. */
  freeBytes(path: string): number;
  /**
   * Runs `act`, which is synchronous, while the names in `directory` cannot lead elsewhere: if
   * `root`, the directory or a component between them is moved away meanwhile, or a link is put in
   * its place, calls with `directory` or a path directly in it still reach the original. Paths that
   * lie deeper, or above, are looked up as usual. Where a platform cannot hold a directory (all but
   * Linux, and Linux without /proc), the components are checked before and after the action.
   *
   * @param root absolute, without links; `directory` is the root itself or lies below it
   * @throws ENOTDIR naming the component that is a link or not a directory, ENOENT if one is
   *   missing; whatever `act` throws
   */
  inDirectory<T>(root: string, directory: string, act: () => T): T;
}

export interface FileSystem extends ReadFileSystem {
  /** Fails with EEXIST if anything exists there. The mode is set exactly, whatever the umask. */
  makeDirectory(path: string, mode: number): void;
  /**
   * Creates the file and writes until every byte is written. Fails with EEXIST when anything is
   * there, links included. The mode is set exactly, whatever the umask.
   */
  writeNew(path: string, content: Uint8Array | Iterable<Uint8Array>, mode: number): void;
  /** Appends to an existing or new (mode 0600) file until every byte is written. */
  append(path: string, bytes: Uint8Array): void;
  /** Cuts a file to `size` bytes. */
  truncate(path: string, size: number): void;
  /** rename(2): replaces an existing file at `to`. */
  rename(from: string, to: string): void;
  /** link(2): a second name for a file; fails with EEXIST when anything is at `to`. */
  link(existing: string, to: string): void;
  /**
   * Exchanges two existing paths in one atomic step. Fails with ENOSYS, EINVAL or ENOTSUP where the
   * platform or the file system does not support it, with EXDEV across file systems.
   */
  exchange(left: string, right: string): void;
  unlink(path: string): void;
  /** Fails with ENOTEMPTY when anything is inside. */
  removeDirectory(path: string): void;
  changeMode(path: string, mode: number): void;
  /** Makes one file's bytes, or one directory's names, durable. */
  sync(path: string): void;
  /**
   * Makes everything written so far below the given existing paths durable, with one barrier per
   * file system where the platform supports it.
   */
  barrier(paths: readonly string[]): Promise<void>;
}

const mutations = [
  'makeDirectory',
  'writeNew',
  'append',
  'truncate',
  'rename',
  'link',
  'exchange',
  'unlink',
  'removeDirectory',
  'changeMode',
] as const satisfies readonly (keyof FileSystem)[];

/** The calls that change something; fault sweeps run over every one of them. */
export type Mutation = (typeof mutations)[number];
export const mutatingCalls: readonly Mutation[] = mutations;
