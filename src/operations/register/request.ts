import type { CompletedOperation } from '../../engine/completed-operation.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';

export interface RegisterRequest {
  readonly id: string;
  /** Make it the default and active; it must be registered by then. */
  readonly activate: boolean;
  /** The root of a protocol repository to take it from; relative to the working directory. */
  readonly root?: string;
}

export interface RegisterRun {
  readonly home: string;
  readonly id: string;
  /** Absolute. */
  readonly catalog: string;
  /** As the catalog names the pack: relative to the home, absolute outside of it. */
  readonly packPath: string | null;
  readonly outcome: 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
  readonly recovered: readonly RecoveredOperation[];
}
