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
  /** In the order they are carried out; a change's index is the number of its slot. */
  readonly changes: readonly Change[];
  /** The instance does not exist: it is staged whole in `tree/` and renamed in once. */
  readonly stagesTree: boolean;
  /** How two paths are exchanged here (docs/apply-and-rollback.md#without-atomic-exchange). */
  readonly exchange: 'atomic' | 'witness';
  readonly recordBefore: InstalledRecord | null;
  /** The record as it will be when every change is applied; null when none will be left. */
  readonly recordAfter: InstalledRecord | null;
  readonly evidence: EvidenceDraft;
}
