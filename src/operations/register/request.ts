import type { CompletedOperation } from '../../engine/completed-operation.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';

export interface RegisterRequest {
  readonly id: string;
  /** Make it active and the default; it must be registered already, or by this request. */
  readonly activate: boolean;
  /** The root of a protocol repository to take it from; relative to the working directory. */
  readonly root?: string;
}

export interface RegisterRun {
  readonly home: string;
  readonly id: string;
  /** Absolute. */
  readonly catalog: string;
  /** The path of the pack in the catalog: relative to the home, absolute outside it. */
  readonly packPath: string | null;
  readonly outcome: 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
  readonly recovered: readonly RecoveredOperation[];
}
