import { errnoOf, InstallError } from '../../core/errors.ts';
import type { ListingError, ListingErrorCode } from './listing.ts';

export type Report = (error: ListingError) => void;

/**
 * What `look` returns; undefined if the system refuses, which is then reported under `code`. One
 * bad root must not hide the good ones, and a defect of ours must not look like a bad root.
 */
export function attempt<T>(
  report: Report,
  code: ListingErrorCode,
  path: string,
  look: () => T,
): T | undefined {
  try {
    return look();
  } catch (error) {
    const errno = errnoOf(error);
    if (error instanceof InstallError || errno === undefined) throw error;
    report({ code, path, message: `${path} cannot be read (${errno}).`, severity: 'error' });
    return undefined;
  }
}
