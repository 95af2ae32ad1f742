import type { OperationRef } from '../../core/operation-ref.ts';
import type { InstalledRecord } from '../../core/record.ts';
import type { Change } from '../change.ts';
import type { EvidenceDraft } from '../trail/evidence.ts';

/**
 * Everything that is needed to finish or undo an operation without the process that began it:
 * `journal/<ref>/intent.json`, durable before anything else happens.
 */
export interface Intent {
  readonly schema: 'identity-install/intent@1';
  readonly ref: OperationRef;
  readonly id: string;
  readonly home: string;
  readonly instance: string;
  /** In the order of execution; the index of a change is the number of its slot. */
  readonly changes: readonly Change[];
  /** The instance does not exist: it is staged completely in `tree/` and moved in by one rename. */
  readonly stagesTree: boolean;
  /** How two paths are exchanged here (docs/apply-and-rollback.md#without-atomic-exchange). */
  readonly exchange: 'atomic' | 'witness';
  readonly recordBefore: InstalledRecord | null;
  /** The record after every change is applied; null if there will be none. */
  readonly recordAfter: InstalledRecord | null;
  readonly evidence: EvidenceDraft;
}
