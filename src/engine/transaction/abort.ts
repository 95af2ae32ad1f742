import { InstallError } from '../../core/errors.ts';
import type { TransactionContext } from '../context.ts';
import type { OperationWarning } from '../operation-warning.ts';
import { finishOperation } from './finish.ts';
import { ioError } from '../../core/io-error.ts';
import { markPhase, type Journal } from '../journal/journal.ts';
import { livePath } from '../live-state.ts';
import { progressOf, putBack, takeBack } from './swap.ts';

export interface Abort {
  readonly kind: 'abort';
  /** Changes that have to be undone, newest first. */
  readonly reached: readonly number[];
  readonly at: number;
  readonly why: string;
  /** What was thrown; undefined if the change met something unexpected. */
  readonly cause?: unknown;
}

/** Restores the tree from before, and reports which files were edited too late for that. */
export async function abortOperation(
  context: TransactionContext,
  journal: Journal,
  abort: Abort,
): Promise<never> {
  const { fs } = context;
  const change = journal.intent.changes[abort.at];
  const path = change === undefined ? journal.intent.instance : livePath(journal.intent, change);
  try {
    markPhase(fs, journal, 'abort');
    const met = abort.cause === undefined ? [putBack(fs, journal, abort.at)] : [];
    const warnings = [
      ...met.flatMap((result) => describeLeft(journal, abort.at, result)),
      ...takeBackAll(context, journal, abort.reached),
    ];
    await finishOperation(context, journal, {
      outcome: 'aborted',
      applied: new Set(),
      warnings,
      recovered: false,
    });
    throw abortError(journal, abort, path, warnings);
  } catch (error) {
    throw ioError(
      error,
      'undoing the operation (the next command continues where this one stopped)',
    );
  }
}

/**
 * Undoes, in the given order, the changes that are in effect; returns what was left unchanged.
 */
export function takeBackAll(
  context: TransactionContext,
  journal: Journal,
  slots: Iterable<number>,
): OperationWarning[] {
  const { fs } = context;
  return [...slots].flatMap((slot) =>
    progressOf(fs, journal, slot).applied
      ? describeLeft(journal, slot, takeBack(fs, journal, slot))
      : [],
  );
}

function describeLeft(
  journal: Journal,
  slot: number,
  result: ReturnType<typeof takeBack>,
): OperationWarning[] {
  const change = journal.intent.changes[slot];
  if (result.kind === 'done' || change === undefined) return [];
  const path = livePath(journal.intent, change);
  const hasBytes = change.before.kind === 'file' || change.after.kind === 'file';
  const other = `; the other version is slot ${slot} of displaced/${journal.intent.ref}`;
  const message = `It was left unchanged, because ${result.why}${hasBytes ? other : ''}.`;
  return [{ code: 'CHANGED_DURING_APPLY', path, message }];
}

function abortError(
  journal: Journal,
  abort: Abort,
  path: string,
  warnings: readonly OperationWarning[],
): InstallError {
  const { ref } = journal.intent;
  const details = { ref, path, left: warnings };
  const noExchange = ioError(abort.cause, `changing ${path}`);
  if (noExchange instanceof InstallError && noExchange.code === 'E_FS_NO_EXCHANGE') {
    return noExchange;
  }
  if (abort.cause !== undefined && noExchange instanceof InstallError) return noExchange;
  return new InstallError(
    'E_INSTANCE_CHANGED',
    `${path} changed while the operation ran: ${abort.why}.`,
    {
      remedy:
        warnings.length === 0
          ? `Everything is as it was. What was found there is also kept in displaced/${ref}. Try again; a new plan will use the current files.`
          : `Everything else is as it was. ${warnings.length} file(s) were changed during the undo and are listed in the evidence ${ref}.`,
      details,
      cause: abort.cause,
    },
  );
}
