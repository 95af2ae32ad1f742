import { InstallError } from '../core/errors.ts';
import type { CompletedOperation } from '../engine/completed-operation.ts';
import { ioError } from '../core/io-error.ts';

/**
 * The error of a run that stops half-way: it says what was done before, and how all of that is
 * undone.
 *
 * @param identities those that the run is through with
 * @param undo the command line that undoes the whole run
 */
export function stoppedAfter(
  identities: readonly {
    readonly id: string;
    readonly operation: Pick<CompletedOperation, 'ref'> | null;
  }[],
  undo: string,
  caught: unknown,
): unknown {
  const error = ioError(caught, 'working on the instances');
  const done = identities.flatMap(({ id, operation }) =>
    operation === null ? [] : [{ id, ref: operation.ref }],
  );
  if (done.length === 0 || !(error instanceof InstallError)) return error;
  const ids = done.map(({ id }) => id).join(', ');
  return new InstallError(error.code, error.message, {
    hint: `${error.hint ?? ''}\nDone before it stopped: ${ids}. To undo that: ${undo}`.trim(),
    details: { ...error.details, done },
    cause: error,
  });
}
