import type { OperationRef } from '../../core/operation-ref.ts';
import type { CompletedOperation } from '../../engine/completed-operation.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import type { RollbackPlan } from './plan.ts';

export interface RollbackOutcome {
  readonly id: string;
  readonly undoes: OperationRef;
  /** If a rollback is undone: the operation that is in effect again. */
  readonly revives: OperationRef | null;
  readonly plan: RollbackPlan;
  readonly outcome: 'planned' | 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
}

export interface RollbackRun {
  readonly home: string;
  readonly runId: string;
  readonly operations: readonly RollbackOutcome[];
  /** Operations that a plan leaves out: they would be undone after `operations`, in this order. */
  readonly notPlanned: readonly OperationRef[];
  readonly recovered: readonly RecoveredOperation[];
}
