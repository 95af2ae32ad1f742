import type { Report } from './attempt.ts';
import type { ListingError } from './listing.ts';

/** A catalog of one megabyte can be wrong in a hundred thousand ways; nobody reads them all. */
const mostErrors = 1000;

/** The errors of one root: each once, and only as many as anybody reads. */
export interface ErrorList {
  readonly report: Report;
  /** Those that were reported; if some were left out, the last one says so. */
  readonly all: () => readonly ListingError[];
}

/** @param root for the message about errors that are left out */
export function createErrorList(root: string): ErrorList {
  const errors = new Map<string, ListingError>();
  let [leftOut, severity]: [number, ListingError['severity']] = [0, 'warn'];
  return {
    report(error) {
      const { code, path, message } = error;
      const key = JSON.stringify([code, path, message]);
      if (errors.has(key)) return;
      if (errors.size < mostErrors) {
        errors.set(key, error);
        return;
      }
      leftOut += 1;
      if (error.severity === 'error') severity = 'error';
    },
    all() {
      const listed = [...errors.values()];
      if (leftOut === 0) return listed;
      const message = `${root} has ${leftOut} more errors and warnings.`;
      return [...listed, { code: 'ERRORS_LEFT_OUT', path: root, message, severity }];
    },
  };
}
