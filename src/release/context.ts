import { join } from 'node:path';
import type { Archive } from '../platform/archive.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { FileSystem, ReadFileSystem } from '../platform/file-system.ts';
import type { Git } from '../platform/git.ts';
import type { LockHolder, Locks } from '../platform/lock.ts';
import type { Progress } from '../platform/progress.ts';
import type { PackLimits } from './limits.ts';

/** What reading already fetched releases needs. */
export interface StoreContext {
  readonly git: Git;
  readonly fs: ReadFileSystem;
  /** Where `releases.git` and its lock lie: the state of the home. Absolute; created if missing. */
  readonly releasesDirectory: string;
  readonly signal?: AbortSignal | undefined;
  /** Limits that differ from `defaultLimits`. */
  readonly limits?: Partial<PackLimits> | undefined;
}

/** What resolving, fetching and importing releases needs; one object, passed to each function. */
export interface ReleaseContext extends StoreContext {
  /** Writes only the store's directory and the list of running fetches. */
  readonly fs: FileSystem;
  readonly locks: Locks;
  readonly archive: Archive;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly progress: Progress;
  /** Milliseconds to wait for another run that is fetching; 60 000. */
  readonly lockWaitMs?: number | undefined;
  /** Called for every run that is waited for. */
  readonly onLockBusy?: ((holder: LockHolder | undefined) => void) | undefined;
  /** Milliseconds without an answer after which a remote counts as stalled; 60 000. */
  readonly idleMs?: number | undefined;
  /** Bytes that one fetch from a server may transfer; `fetchLimit` of the limits. */
  readonly fetchBytes?: number | undefined;
}

/** The bare repository of every release that was fetched or imported (docs/evidence-format.md#the-home). */
export function storeDirectory({
  releasesDirectory,
}: Pick<StoreContext, 'releasesDirectory'>): string {
  return join(releasesDirectory, 'releases.git');
}
