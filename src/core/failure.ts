import { errnoOf, InstallError } from './errors.ts';
import { steps } from './remedy.ts';

/**
 * Anything thrown, as an error that can be shown. What no room foresaw is a defect, whatever it
 * looks like: a system error that reaches this place was not named where it happened.
 */
export function asInstallError(caught: unknown, program: string): InstallError {
  if (caught instanceof InstallError) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  const errno = errnoOf(caught);
  return new InstallError('E_BUG', `${program} met a defect of its own: ${message}`, {
    remedy: steps(
      'If it was changing something, the next command finishes or undoes that first.',
      'Please report this to the maintainers.',
      { kind: 'option', option: 'verbose', to: 'see what the report should contain' },
    ),
    details: errno === undefined ? {} : { errno },
    cause: caught,
  });
}
