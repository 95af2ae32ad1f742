import type { ValidateRun } from '../../inspection/validate/validate.ts';

/** Those about the catalog first, then pack by pack. */
export function allFindings(run: ValidateRun): ValidateRun['findings'] {
  return [...run.findings, ...run.identities.flatMap(({ findings }) => findings)];
}
