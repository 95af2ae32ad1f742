import { InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';

export type ReportOperation = 'plan' | 'dry-run' | 'install' | 'verify';

/**
 * The pairs that the protocol's checkers accept, and no others (docs/protocol.md#install-reports).
 */
const acceptedPairs = {
  fresh_install: 'guarded_apply',
  same_signature: 'no_op_with_report',
  compatible_upgrade: 'abort_and_explain',
  destructive_replace: 'guarded_apply',
} as const;

export type ConflictType = keyof typeof acceptedPairs;

export interface ReportOutcome {
  readonly conflictType: ConflictType;
  readonly action: (typeof acceptedPairs)[ConflictType];
}

/** Whether the protocol's checkers accept a report with these two. */
export function isAcceptedPair(conflictType: string, action: string): boolean {
  return Object.entries(acceptedPairs).some(
    ([type, accepted]) => type === conflictType && accepted === action,
  );
}

/**
 * The outcome of an operation: its worst file determines it. A merge that also kept files is a
 * replacement, an installation that also kept files is an explained refusal.
 *
 * @param counts files added; changed or removed; kept although they differ from the release
 */
export function reportOutcome(counts: {
  readonly added: number;
  readonly changedOrRemoved: number;
  readonly keptDiffering: number;
}): ReportOutcome {
  const conflictType: ConflictType =
    counts.changedOrRemoved > 0
      ? 'destructive_replace'
      : counts.keptDiffering > 0
        ? 'compatible_upgrade'
        : counts.added > 0
          ? 'fresh_install'
          : 'same_signature';
  return { conflictType, action: acceptedPairs[conflictType] };
}

/** What a report says; see docs/protocol.md#install-reports for each field. */
export interface InstallReportInput {
  readonly reportId: string;
  readonly identityId: string;
  /** UTC. */
  readonly generatedAt: Date;
  readonly operation: ReportOperation;
  readonly outcome: ReportOutcome;
  readonly preservedPaths: readonly PackPath[];
  readonly changedFiles: readonly PackPath[];
  readonly dryRun: boolean;
  /** The command line as it was given, credentials removed. */
  readonly command: string;
  /** Entry that ran: `identity-install`, `identity`. */
  readonly entrypoint: string;
  readonly sourcePack: string;
  readonly targetPack: string;
  readonly sourceSignature: string;
  /** Computed before anything is written; null if nothing existed. */
  readonly targetSignatureBefore: string | null;
  /** Tag, or commit if no tag was named. */
  readonly protocolRef: string;
  readonly protocolCommit: string;
  readonly protocolRoot: string;
  readonly identityHome: string;
  readonly catalogPath: string;
  readonly resolvedScope: string;
  readonly resolvedPackPath: string;
  /** Both are required for a destructive replacement. */
  readonly backupRef?: string;
  readonly rollbackRef?: string;
  /** The report that a `verify` is about. */
  readonly verifiedReportId?: string;
  /** Our own fields, besides the protocol's: its checkers ignore unknown fields. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * The report as the protocol's checkers read it, in the order of its own reports.
 *
 * @throws InstallError E_BUG for a pair that is not accepted, or a replacement without backup
 */
export function installReport(input: InstallReportInput): Record<string, unknown> {
  const { outcome, backupRef = '', rollbackRef = '', verifiedReportId } = input;
  if (acceptedPairs[outcome.conflictType] !== outcome.action) {
    throw new InstallError('E_BUG', `${outcome.conflictType} with ${outcome.action} in a report.`);
  }
  if (outcome.conflictType === 'destructive_replace' && (backupRef === '' || rollbackRef === '')) {
    throw new InstallError('E_BUG', 'A report of a replacement without backup or rollback.');
  }
  return {
    ...input.more,
    report_id: input.reportId,
    identity_id: input.identityId,
    generated_at: `${input.generatedAt.toISOString().slice(0, 19)}Z`,
    operation: input.operation,
    conflict_type: outcome.conflictType,
    action: outcome.action,
    source_pack: input.sourcePack,
    target_pack: input.targetPack,
    source_signature: input.sourceSignature,
    target_signature_before: input.targetSignatureBefore,
    preserved_paths: [...input.preservedPaths],
    dry_run: input.dryRun,
    changed_files: [...input.changedFiles],
    ...(backupRef !== '' && { backup_ref: backupRef }),
    ...(rollbackRef !== '' && { rollback_ref: rollbackRef }),
    protocol_ref: input.protocolRef,
    protocol_commit_sha: input.protocolCommit,
    protocol_root: input.protocolRoot,
    identity_home: input.identityHome,
    catalog_path: input.catalogPath,
    resolved_scope: input.resolvedScope,
    resolved_pack_path: input.resolvedPackPath,
    installer_invocation: {
      tool: 'identity-installer',
      entrypoint: input.entrypoint,
      command: input.command,
    },
    ...(verifiedReportId !== undefined && { verified_report_id: verifiedReportId }),
  };
}
