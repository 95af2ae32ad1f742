import { errnoOf } from '../../core/errors.ts';
import type { ReadFileSystem, Stat } from '../../platform/file-system.ts';

/** What stood at a path, so exactly that a change shows. */
type Stamp = string;

/** Everything that a reader looked at, each path with what stood there. */
export type Looks = ReadonlyMap<string, Stamp>;

export interface NotedLooks {
  /** Reads as the one below; a path is asked for its state once, and the answer kept. */
  readonly fs: ReadFileSystem;
  readonly looks: Looks;
  /** The newest time of change seen, in nanoseconds since 1970. */
  readonly newest: () => bigint;
}

/**
 * A file system that notes what is looked at. A directory that is listed and a file that is read
 * are noted before, so that whatever changes meanwhile shows later.
 */
export function noteLooks(fs: ReadFileSystem): NotedLooks {
  const looks = new Map<string, Stamp>();
  const known = new Map<string, Stat | undefined>();
  let newest = 0n;
  const stat = (path: string): Stat | undefined => {
    if (known.has(path)) return known.get(path);
    try {
      const found = fs.stat(path);
      looks.set(path, stampOf(found));
      known.set(path, found);
      if (found !== undefined && found.changedNs > newest) newest = found.changedNs;
      return found;
    } catch (error) {
      looks.set(path, failure(error));
      throw error;
    }
  };
  const after = <T>(path: string, act: () => T): T => {
    stat(path);
    return act();
  };
  return {
    looks,
    newest: () => newest,
    fs: {
      ...fs,
      stat,
      list: (path) => after(path, () => fs.list(path)),
      read: (path) => after(path, () => fs.read(path)),
      readChunks: (path) => after(path, () => fs.readChunks(path)),
    },
  };
}

/** Whether everything that was looked at is as it was. */
export function looksTheSame(fs: ReadFileSystem, looks: Looks): boolean {
  for (const [path, stamp] of looks) {
    if (stampNow(fs, path) !== stamp) return false;
  }
  return true;
}

function stampNow(fs: ReadFileSystem, path: string): Stamp {
  try {
    return stampOf(fs.stat(path));
  } catch (error) {
    return failure(error);
  }
}

function stampOf(stat: Stat | undefined): Stamp {
  if (stat === undefined) return 'nothing';
  const { kind, size, mode, device, inode, modifiedNs, changedNs } = stat;
  return [kind, size, mode, device, inode, modifiedNs, changedNs].join(' ');
}

function failure(error: unknown): Stamp {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return errno;
}
