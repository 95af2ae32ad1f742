import { treeSignature } from '../../core/digest.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { installReport, type ReportOperation } from '../../protocol/install-report.ts';
import type { OperationContext } from '../context.ts';
import { wouldChange } from '../../planning/policy.ts';
import { reportOutcomeOf } from './outcome-pair.ts';
import type { KeepAction } from '../../planning/plan.ts';
import type { PlannedIdentity } from '../install/plan-identity.ts';
import { signatureOfState } from '../../engine/trail/signature.ts';

/**
 * The name of the report of an operation; `verify` reports name the operation that they verified.
 */
export function reportId(id: string, operation: ReportOperation, ref: OperationRef): string {
  return `identity-install-${id}-${operation}-${ref}`;
}

export function serializeReport(report: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}

/**
 * The protocol's report of a plan (docs/protocol.md#install-reports): the same facts for a plan and
 * for its execution. Signatures are computed before anything is written.
 */
export function reportOfPlan(
  context: OperationContext,
  planned: PlannedIdentity,
  operation: Exclude<ReportOperation, 'verify'>,
  ref: OperationRef,
): Buffer {
  const { plan, pack, record, local } = planned;
  const { release } = plan;
  const outcome = reportOutcomeOf(plan.actions);
  const overwrites = outcome.conflictType === 'destructive_replace';
  const kept = plan.actions.filter((action): action is KeepAction => action.kind === 'keep');
  const changed = plan.actions.filter((action) => action.kind !== 'keep');
  return serializeReport(
    installReport({
      reportId: reportId(plan.id, operation, ref),
      identityId: plan.id,
      generatedAt: context.clock.now(),
      operation,
      outcome,
      preservedPaths: kept
        .filter((action) => action.local.kind !== 'absent')
        .map((action) => action.path),
      changedFiles: changed.map((action) => action.path),
      dryRun: operation !== 'install',
      command: context.command,
      entrypoint: 'identity-install',
      sourcePack: plan.packPath,
      targetPack: plan.instance,
      sourceSignature: treeSignature(
        [...pack.pack.entries].map(([path, entry]) => [path, entry.sha256]),
      ),
      targetSignatureBefore: plan.instanceExists
        ? signatureOfState(local, record?.reports ?? [])
        : null,
      protocolRef: release.tag ?? release.commit,
      protocolCommit: release.commit,
      protocolRoot: release.url,
      identityHome: plan.home,
      catalogPath: context.layout.localCatalog,
      resolvedScope: context.scope,
      resolvedPackPath: plan.instance,
      ...(overwrites && {
        backupRef: `.identity-install/snapshots/${ref}.tar.gz`,
        rollbackRef: ref,
      }),
      more: {
        plan_digest: plan.digest,
        would_change: wouldChange(plan),
        kept: kept
          .filter((action) => action.reason !== 'unchanged')
          .map(({ path, reason }) => ({ path, reason })),
      },
    }),
  );
}
