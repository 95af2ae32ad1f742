import type { OperationRef } from '../core/operation-ref.ts';
import type { Archive } from '../platform/archive.ts';
import type { Clock } from '../platform/clock.ts';
import type { FileSystem } from '../platform/file-system.ts';
import type { Progress } from '../platform/progress.ts';

/** Where the home keeps its state, as far as transactions care. Absolute paths. */
export interface StatePaths {
  readonly stateDirectory: string;
  readonly journal: string;
  readonly displaced: string;
  readonly snapshots: string;
  readonly evidence: string;
  readonly ledger: string;
  readonly record: (id: string) => string;
}

/** What a transaction, its recovery and its undo need. */
export interface TransactionContext {
  readonly fs: FileSystem;
  readonly archive: Archive;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly paths: StatePaths;
  /** Gives signals and the spinner a turn; never ends a transaction. */
  readonly breathe: () => Promise<void>;
  /** @throws InstallError E_INTERRUPTED when the user asked to stop */
  readonly throwIfInterrupted: () => void;
  /** The command line that undoes an operation, for a person to paste. */
  readonly undoCommand: (ref: OperationRef) => string;
}
