import { errnoOf } from '../../core/errors.ts';
import type { ReadFileSystem, Stat } from '../../platform/file-system.ts';

/** What was at a path: undefined for nothing, or the errno if the system refused. */
type Look = Stat | string | undefined;

/** Everything that a reader accessed. */
export interface Looks {
  /** Each path with what was there. */
  readonly stood: ReadonlyMap<string, Look>;
  /** The real path of each path, or the errno if the system refused. */
  readonly led: ReadonlyMap<string, string>;
  /** Directories that were listed. */
  readonly listed: ReadonlySet<string>;
}

export interface NotedLooks {
  /** Reads like the underlying file system, but asks for the state of a path only once. */
  readonly fs: ReadFileSystem;
  readonly looks: Looks;
  /** The newest time of change seen, in nanoseconds since 1970. */
  readonly newest: () => bigint;
}

/**
 * A file system that records every access. The state of a directory or file is recorded before it
 * is listed or read, so that a change in between is noticed later.
 */
export function noteLooks(fs: ReadFileSystem): NotedLooks {
  const stood = new Map<string, Look>();
  const led = new Map<string, string>();
  const listed = new Set<string>();
  let newest = 0n;
  const stat = (path: string): Stat | undefined => {
    const known = stood.get(path);
    if (typeof known === 'object') return known;
    if (known === undefined && stood.has(path)) return undefined;
    try {
      const found = fs.stat(path);
      stood.set(path, found);
      if (found !== undefined && found.changedNs > newest) newest = found.changedNs;
      return found;
    } catch (error) {
      stood.set(path, refusal(error));
      throw error;
    }
  };
  const after = <T>(path: string, act: () => T): T => {
    stat(path);
    return act();
  };
  return {
    looks: { stood, led, listed },
    newest: () => newest,
    fs: {
      ...fs,
      stat,
      realPath: (path) => {
        try {
          const end = fs.realPath(path);
          led.set(path, end);
          return end;
        } catch (error) {
          led.set(path, refusal(error));
          throw error;
        }
      },
      list: (path) => {
        listed.add(path);
        return after(path, () => fs.list(path));
      },
      read: (path) => after(path, () => fs.read(path)),
      readChunks: (path) => after(path, () => fs.readChunks(path)),
    },
  };
}

/** Whether everything that was accessed is unchanged. */
export function looksTheSame(fs: ReadFileSystem, { stood, led }: Looks): boolean {
  for (const [path, look] of stood) {
    if (!isSame(lookNow(fs, path), look)) return false;
  }
  for (const [path, end] of led) {
    if (realPathOrRefusal(fs, path) !== end) return false;
  }
  return true;
}

/** Paths are absolute, so an errno cannot be mistaken for one. */
function realPathOrRefusal(fs: ReadFileSystem, path: string): string {
  try {
    return fs.realPath(path);
  } catch (error) {
    return refusal(error);
  }
}

function lookNow(fs: ReadFileSystem, path: string): Look {
  try {
    return fs.stat(path);
  } catch (error) {
    return refusal(error);
  }
}

function isSame(now: Look, then: Look): boolean {
  if (typeof now !== 'object' || typeof then !== 'object') return now === then;
  return (
    now.changedNs === then.changedNs &&
    now.modifiedNs === then.modifiedNs &&
    now.inode === then.inode &&
    now.device === then.device &&
    now.size === then.size &&
    now.mode === then.mode &&
    now.kind === then.kind
  );
}

function refusal(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return errno;
}
