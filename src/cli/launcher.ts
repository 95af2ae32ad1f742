import type { ProgramName } from './program.ts';

/**
 * What to type to start a program of this package from where this run was started: under npx the
 * programs are not on PATH, so that a printed command must fetch the same version again.
 */
export function launcherOf(
  startedByNpx: boolean,
  version: string,
): (program: ProgramName) => string {
  if (!startedByNpx) return (program) => program;
  return (program) =>
    program === 'identity-install'
      ? `npx identity-install@${version}`
      : `npx --package=identity-install@${version} ${program}`;
}
