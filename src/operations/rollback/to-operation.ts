import { join } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { steps } from '../../core/remedy.ts';
import type { Change } from '../../engine/change.ts';
import type { Roots } from '../../engine/live-state.ts';
import type { ContentSource, Operation } from '../../engine/operation.ts';
import { memberName } from '../../engine/snapshot/snapshot-manifest.ts';
import { fileFacts, type Evidence, type EvidenceFile } from '../../engine/trail/evidence.ts';
import { openSnapshotOf } from '../../engine/trail/trusted-trail.ts';
import { reportOutcome } from '../../protocol/install-report.ts';
import type { OperationContext } from '../context.ts';
import { pairOf } from '../reports/outcome-pair.ts';
import type { PlannedRollback } from './plan.ts';

/** The bytes from before the operation are in the snapshot that it took. */
function contentFromSnapshot(context: OperationContext, evidence: Evidence): ContentSource {
  return {
    async provide(wanted, deliver) {
      if (wanted.size === 0) return;
      const slots = new Map(
        [...wanted].map(([slot, change]) => [memberName(evidence.identity_id, change), slot]),
      );
      await openSnapshotOf(context, evidence, (member, content) => {
        const slot = slots.get(member);
        if (slot === undefined) return;
        slots.delete(member);
        deliver(slot, content);
      });
      const [missing] = slots.keys();
      if (missing === undefined) return;
      throw new InstallError(
        'E_SNAPSHOT_DAMAGED',
        `The snapshot of ${evidence.ref} does not hold ${missing}.`,
        { remedy: steps('Nothing was changed.', { kind: 'restore', what: 'the snapshot' }) },
      );
    },
  };
}

export interface RollbackOperationInput {
  /** Of the operation that is undone. */
  readonly evidence: Evidence;
  readonly planned: PlannedRollback;
  readonly record: InstalledRecord | null;
  readonly ref: OperationRef;
  readonly runId: string;
  /** Only these paths of the instance; empty for everything. */
  readonly paths: readonly PackPath[];
  readonly roots: Roots;
  /** Of the instance as it is now. */
  readonly signature: string;
}

/** The plan of an undo as an operation for the engine. */
export function toOperation(context: OperationContext, input: RollbackOperationInput): Operation {
  const { evidence, planned, record, ref, runId, paths, roots } = input;
  const startedAt = context.clock.now().toISOString();
  const after = planned.recordAfter;
  const recordAfter = after === null ? null : { ...after, operation: ref, updatedAt: startedAt };
  const isPartial = paths.length > 0;
  return {
    kind: 'rollback',
    ref,
    runId,
    id: evidence.identity_id,
    roots,
    startedAt,
    changes: planned.changes,
    recordBefore: record,
    recordAfter,
    // Everything that the rollback changes or removes, edits made since included.
    snapshot: 'changed-files',
    content: contentFromSnapshot(context, evidence),
    facts: {
      mode: 'rollback',
      release: recordAfter?.release ?? null,
      previous_release: record?.release ?? null,
      plan_digest: planned.plan.digest,
      ...pairOf(
        reportOutcome({
          added: countWhere(planned.changes, ({ after }) => after.kind === 'file'),
          changedOrRemoved: countWhere(planned.changes, ({ before }) => before.kind === 'file'),
          keptDiffering: 0,
        }),
      ),
      source_signature: null,
      target_signature_before: input.signature,
      files: evidenceFiles(planned),
      reports: [],
      undoes: isPartial ? null : evidence.ref,
      findings: [],
    },
    summary: isPartial ? `undid ${paths.join(', ')} of ${evidence.ref}` : `undid ${evidence.ref}`,
  };
}

function evidenceFiles(planned: PlannedRollback): EvidenceFile[] {
  const changes = new Map(
    planned.changes
      .filter(({ before, after }) => before.kind === 'file' || after.kind === 'file')
      .map((change) => [join(change.root, change.path), change]),
  );
  return planned.plan.actions.map(({ root, path, kind, reason }) => {
    const change = changes.get(join(root, path));
    return {
      path,
      root,
      action: kind,
      reason: reason ?? null,
      before: fileFacts(change?.before),
      after: fileFacts(change?.after),
    };
  });
}

function countWhere(changes: readonly Change[], test: (change: Change) => boolean): number {
  return changes.filter(test).length;
}
