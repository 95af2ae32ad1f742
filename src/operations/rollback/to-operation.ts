import { join } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { octal } from '../../core/octal.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { steps } from '../../core/remedy.ts';
import { reportOutcome } from '../../protocol/install-report.ts';
import type { InstallContext } from '../../engine/context.ts';
import type { PlannedRollback } from './plan.ts';
import { pairOf } from '../reports/outcome-pair.ts';
import type { Evidence, EvidenceFile } from '../../engine/trail/evidence.ts';
import {
  type SnapshotFile,
  type SnapshotRequest,
} from '../../engine/snapshot/snapshot-manifest.ts';
import { openSnapshotOf } from '../../engine/trail/trusted-trail.ts';
import type { Change, FilePathState } from '../../engine/change.ts';
import { exchangeKind } from '../../engine/transaction/exchange-probe.ts';
import type { Intent } from '../../engine/journal/intent.ts';
import { livePath, type Roots } from '../../engine/live-state.ts';
import type { ContentSource } from '../../engine/transaction/transaction.ts';

/** Everything that the rollback changes or removes, edits made since included. */
export function snapshotRequest(
  context: InstallContext,
  {
    evidence,
    planned,
    ref,
    roots,
  }: {
    readonly evidence: Evidence;
    readonly planned: PlannedRollback;
    readonly ref: OperationRef;
    readonly roots: Roots;
  },
): SnapshotRequest | null {
  const files = planned.changes.flatMap((change): SnapshotFile[] => {
    if (change.before.kind !== 'file') return [];
    const live = livePath(roots, change);
    const modifiedNs = context.fs.stat(live)?.modifiedNs ?? 0n;
    return [{ member: memberOf(evidence, change), live, state: change.before, modifiedNs }];
  });
  if (files.length === 0) return null;
  return {
    ref,
    id: evidence.identity_id,
    roots,
    holds: 'changed-files',
    files,
    directories: [],
    links: [],
    createdAt: context.clock.now().toISOString(),
  };
}

function memberOf(evidence: Evidence, change: Pick<Change, 'root' | 'path'>): string {
  return change.root === 'home' ? change.path : `${evidence.identity_id}/${change.path}`;
}

/** The bytes from before the operation lie in the snapshot that it took. */
export function contentFromSnapshot(context: InstallContext, evidence: Evidence): ContentSource {
  return {
    async provide(wanted, deliver) {
      if (wanted.size === 0) return;
      const slots = new Map(
        [...wanted].map(([slot, change]) => [memberOf(evidence, change), slot]),
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

interface IntentInput {
  readonly evidence: Evidence;
  readonly planned: PlannedRollback;
  readonly record: InstalledRecord | null;
  readonly ref: OperationRef;
  readonly runId: string;
  readonly paths: readonly string[];
  readonly roots: Roots;
  readonly snapshot: SnapshotRequest | null;
  readonly signature: string;
}

export function composeIntent(context: InstallContext, input: IntentInput): Intent {
  const { evidence, planned, record, ref, runId, paths, roots, snapshot } = input;
  const { fs, layout, clock } = context;
  const now = clock.now().toISOString();
  const { changes } = planned;
  const recordAfter =
    planned.recordAfter === null
      ? null
      : { ...planned.recordAfter, operation: ref, updatedAt: now };
  const stagesTree = changes.some(
    (change) =>
      change.root === 'instance' && change.path === '' && change.after.kind === 'directory',
  );
  const partial = paths.length > 0;
  return {
    schema: 'identity-install/intent@1',
    ref,
    id: evidence.identity_id,
    home: layout.home,
    instance: roots.instance,
    changes,
    stagesTree,
    exchange: exchangeKind(fs, layout.journal, ref, changes),
    recordBefore: record,
    recordAfter,
    evidence: {
      run_id: runId,
      operation: 'rollback',
      started_at: now,
      tool: context.tool,
      command: context.command,
      mode: 'rollback',
      release: recordAfter?.release ?? null,
      previous_release: record?.release ?? null,
      plan_digest: planned.plan.digest,
      ...pairOf(
        reportOutcome({
          added: countWhere(changes, (change) => change.after.kind === 'file'),
          changedOrRemoved: countWhere(changes, (change) => change.before.kind === 'file'),
          keptDiffering: 0,
        }),
      ),
      source_signature: null,
      target_signature_before: input.signature,
      files: evidenceFiles(planned),
      reports: [],
      snapshot_holds: snapshot?.holds ?? null,
      undoes: partial ? null : evidence.ref,
      undo: context.undoCommand(ref),
      findings: [],
      summary: partial ? `undid ${paths.join(', ')} of ${evidence.ref}` : `undid ${evidence.ref}`,
    },
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
      before: describe(change?.before),
      after: describe(change?.after),
    };
  });
}

function describe(state: Change['before'] | undefined): EvidenceFile['before'] {
  if (state?.kind !== 'file') return null;
  const { sha256, size, mode }: FilePathState = state;
  return { sha256, size, mode: octal(mode) };
}

function countWhere(changes: readonly Change[], test: (change: Change) => boolean): number {
  return changes.filter(test).length;
}
