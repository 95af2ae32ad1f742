import type { Clock } from '../../platform/clock.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { looksTheSame, noteLooks, type Looks } from './noted-looks.ts';

/** The reading of a root, and everything that was read for it. */
export interface Kept<T> {
  readonly value: T;
  readonly looks: Looks;
}

/** Readings of roots, kept as long as nothing that was read for them changes. */
export interface DiscoveryCache<T> {
  /**
   * The reading of a root: the cached one, or a new one by `read`, which must reach the disk only
   * through the file system that it is given.
   */
  get(
    root: string,
    read: (fs: ReadFileSystem) => T,
    options: { readonly reload: boolean },
  ): Kept<T>;
}

/** More roots than one process is asked about; the least recently used one is dropped. */
const mostRoots = 1024;

/**
 * A file that changed so shortly before it was read may change again without its times showing it:
 * their resolution is only the kernel's tick, or two seconds on some file systems.
 */
const racyMs = 2000;

export function createDiscoveryCache<T>(fs: ReadFileSystem, clock: Clock): DiscoveryCache<T> {
  const kept = new Map<string, Kept<T>>();
  return {
    get(root, read, { reload }) {
      const known = kept.get(root);
      kept.delete(root);
      if (known !== undefined && !reload && looksTheSame(fs, known.looks)) {
        kept.set(root, known);
        return known;
      }
      const startedMs = clock.now().getTime();
      const noted = noteLooks(fs);
      const made = { value: read(noted.fs), looks: noted.looks };
      if (noted.newest() < BigInt(startedMs - racyMs) * 1_000_000n) {
        kept.set(root, made);
        const [oldest] = kept.keys();
        if (kept.size > mostRoots && oldest !== undefined) kept.delete(oldest);
      }
      return made;
    },
  };
}
