import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import type { Finding } from '../core/finding.ts';
import { conflictsOf, wouldChange } from '../planning/policy.ts';
import type { InstallRun } from '../operations/install/outcome.ts';
import type { RollbackRun } from '../operations/rollback/outcome.ts';
import type { VerifiedFiles } from '../inspection/verify/compare.ts';
import type { VerifyHomeRun } from '../inspection/verify/verify-home.ts';
import type { VerifyRun } from '../inspection/verify/verify.ts';
import type { ValidateRun } from '../inspection/validate/validate.ts';
import type { SelfTestRun } from './author/use-cases.ts';
import type { InstallWish } from './options/invocation.ts';

/** 1 when a conflict is left, or when `--check` found something to do; else 0. */
export function installExitCode(run: InstallRun, request: InstallWish): ExitCode {
  const plans = run.identities.map((identity) => identity.plan);
  if (plans.some((plan) => conflictsOf(plan).length > 0)) return exitCodes.findings;
  if (request.stopAfter === 'check' && plans.some(wouldChange)) return exitCodes.findings;
  return exitCodes.done;
}

/** 1 when a file could not be put back because something stands in its way; else 0. */
export function rollbackExitCode(run: RollbackRun): ExitCode {
  const blocked = run.operations.some((operation) =>
    operation.plan.actions.some((action) => action.reason === 'in-the-way'),
  );
  return blocked ? exitCodes.findings : exitCodes.done;
}

/** 1 for a finding of severity error, and for a warning where those are to fail, too; else 0. */
export function validateExitCode({ counts }: ValidateRun, strict: boolean): ExitCode {
  const failing = counts.error + (strict ? counts.warn : 0);
  return failing > 0 ? exitCodes.findings : exitCodes.done;
}

/** 1 when a sample does not show what it should; else 0. */
export function selfTestExitCode({ results }: SelfTestRun): ExitCode {
  return results.some(({ problems }) => problems.length > 0) ? exitCodes.findings : exitCodes.done;
}

/** 6 when our own books do not verify, 1 for drift and for anything to warn of, else 0. */
export function verifyExitCode({ identities, pending }: VerifyRun): ExitCode {
  const problems = identities.flatMap((identity) => identity.problems);
  const found = exitCodeOf(problems, identities);
  return found === exitCodes.done && pending.length > 0 ? exitCodes.findings : found;
}

/** The same for a whole home. */
export function verifyHomeExitCode({ problems, identities }: VerifyHomeRun): ExitCode {
  return exitCodeOf(problems, identities);
}

function exitCodeOf(
  problems: readonly Pick<Finding, 'severity'>[],
  identities: readonly { readonly files: VerifiedFiles | null }[],
): ExitCode {
  if (problems.some(({ severity }) => severity === 'error')) return exitCodes.integrity;
  const drift = identities.some(
    ({ files }) => files !== null && (files.modified.length > 0 || files.missing.length > 0),
  );
  const warned = problems.some(({ severity }) => severity === 'warn');
  return drift || warned ? exitCodes.findings : exitCodes.done;
}
