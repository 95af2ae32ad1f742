import type { PackPath } from '../../core/path.ts';
import type { Finding } from '../../core/finding.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import type { Plan } from '../../planning/plan.ts';
import type { CompletedOperation } from '../../engine/completed-operation.ts';
import type { FileDiff } from './diffs.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';

export interface IdentityOutcome {
  readonly id: string;
  readonly plan: Plan;
  /** Paths whose two sides cannot be combined; they are kept. */
  readonly conflicts: readonly PackPath[];
  /** Whether carrying the plan out changes a file, or has changed one. */
  readonly wouldChange: boolean;
  readonly outcome: 'planned' | 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
  readonly diffs: readonly FileDiff[];
}

export interface InstallRun {
  readonly runId: string;
  readonly home: string;
  readonly release: ResolvedRelease;
  readonly identities: readonly IdentityOutcome[];
  readonly findings: readonly Finding[];
  /** Operations that an earlier run left unfinished and this one recovered. */
  readonly recovered: readonly RecoveredOperation[];
}
