import type { OperationRef } from '../core/operation-ref.ts';
import type { HomeLayout } from '../instance/layout.ts';
import type { Archive } from '../platform/archive.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { FileSystem } from '../platform/file-system.ts';
import type { LockHolder, Locks } from '../platform/lock.ts';
import type { Progress } from '../platform/progress.ts';

/** What a transaction, its recovery and its undo need. */
export interface TransactionContext {
  readonly fs: FileSystem;
  readonly archive: Archive;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly layout: HomeLayout;
  /** Gives signals and the spinner a turn between two items; never interrupts. */
  readonly breathe: () => Promise<void> | undefined;
  /** @throws InstallError E_INTERRUPTED if the user asked to stop */
  readonly throwIfInterrupted: () => void;
}

/** What a session in a home and the operations in it need. */
export interface EngineContext extends TransactionContext {
  readonly locks: Locks;
  /** Fires when the run is asked to stop. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for another run on the home; absent: none. */
  readonly lockWaitMs?: number | undefined;
  /** Called for every run that is waited for. */
  readonly onLockBusy?: ((holder: LockHolder | undefined) => void) | undefined;
  readonly randomness: Randomness;
  readonly environment: Environment;
  readonly tool: { readonly name: string; readonly version: string };
  /** The command line as it was given, credentials removed. */
  readonly command: string;
  /** A command line that undoes an operation and works on the machine that carried it out. */
  readonly undoCommand: (ref: OperationRef) => string;
}
