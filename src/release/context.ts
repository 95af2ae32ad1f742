import { join } from 'node:path';
import type { Archive } from '../platform/archive.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { FileSystem } from '../platform/file-system.ts';
import type { Git } from '../platform/git.ts';
import type { LockHolder, Locks } from '../platform/lock.ts';
import type { Progress } from '../platform/progress.ts';
import type { PackLimits } from './limits.ts';

/** What the release room works with; one object, handed to each of its functions. */
export interface ReleaseContext {
  readonly git: Git;
  /** Written to: the store's directory and the list of running fetches, nothing else. */
  readonly fs: FileSystem;
  readonly locks: Locks;
  readonly archive: Archive;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** `<home>/.identity-install`, absolute. Made when missing. */
  readonly stateDirectory: string;
  /** Milliseconds to wait for another run that is fetching; 60 000. */
  readonly lockWaitMs?: number | undefined;
  /** Told of every run that is waited for. */
  readonly onLockBusy?: ((holder: LockHolder | undefined) => void) | undefined;
  /** Milliseconds without an answer after which a remote counts as stalled; 60 000. */
  readonly idleMs?: number | undefined;
  /** Where they differ from `defaultLimits`. */
  readonly limits?: Partial<PackLimits> | undefined;
  /** Bytes that one fetch from a server may bring; `fetchLimit` of the limits. */
  readonly fetchBytes?: number | undefined;
}

/**
 * The bare repository of every release that was fetched or imported
 * (docs/evidence-format.md#the-home).
 */
export function storeDirectory(context: ReleaseContext): string {
  return join(context.stateDirectory, 'releases.git');
}
