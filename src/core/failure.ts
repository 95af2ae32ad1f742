import { errnoOf, InstallError } from './errors.ts';
import { steps } from './remedy.ts';

/**
 * Turns anything thrown into an error that can be shown. An error that no module foresaw is a
 * defect, whatever it looks like: a system error that arrives here was not translated where it
 * happened.
 */
export function asInstallError(caught: unknown, program: string): InstallError {
  if (caught instanceof InstallError) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  const errno = errnoOf(caught);
  return new InstallError('E_BUG', `${program} ran into a defect of its own: ${message}`, {
    remedy: steps(
      'If it was changing something, the next command that writes finishes or undoes that first.',
      'Please report this to the maintainers.',
      { kind: 'option', option: 'verbose', to: 'see what the report should contain' },
    ),
    details: errno === undefined ? {} : { errno },
    cause: caught,
  });
}
