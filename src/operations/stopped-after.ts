import { InstallError } from '../core/errors.ts';
import type { CompletedOperation } from '../engine/completed-operation.ts';
import { ioError } from '../core/io-error.ts';
import { steps } from '../core/remedy.ts';

/**
 * The error of a run that stops half-way: it says what was done before, and how to undo all of
 * that.
 *
 * @param identities those that the run has completed
 * @param run the reference that undoes all of it
 */
export function stoppedAfter(
  identities: readonly {
    readonly id: string;
    readonly operation: Pick<CompletedOperation, 'ref'> | null;
  }[],
  { runId, home }: { readonly runId: string; readonly home: string },
  caught: unknown,
): unknown {
  const error = ioError(caught, 'working on the instances');
  const done = identities.flatMap(({ id, operation }) =>
    operation === null ? [] : [{ id, ref: operation.ref }],
  );
  if (done.length === 0 || !(error instanceof InstallError)) return error;
  const ids = done.map(({ id }) => id).join(', ');
  return new InstallError(error.code, error.message, {
    remedy: steps(error.remedy, `Done before it stopped: ${ids}.`, {
      kind: 'undo',
      ref: runId,
      operations: done.map(({ ref }) => ref).reverse(),
      home,
      to: 'undo that',
    }),
    details: { ...error.details, done },
    cause: error,
  });
}
