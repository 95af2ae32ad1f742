import { errnoOf, InstallError } from './errors.ts';

/**
 * Anything thrown, as an error that can be shown. What no room foresaw is a defect, whatever it
 * looks like: a system error that reaches this place was not named where it happened.
 */
export function asInstallError(caught: unknown, program: string): InstallError {
  if (caught instanceof InstallError) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  const errno = errnoOf(caught);
  return new InstallError('E_BUG', `${program} met a defect of its own: ${message}`, {
    hint:
      'If it was changing something, the next command finishes or undoes that first.\n' +
      'Please report this to the maintainers with what the same command prints under --verbose.',
    details: errno === undefined ? {} : { errno },
    cause: caught,
  });
}
