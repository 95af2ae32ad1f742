import { InstallError } from '../../core/errors.ts';
import type { OperationContext } from '../../operations/context.ts';
import { describeHolder } from '../../platform/lock.ts';
import type { Progress } from '../../platform/progress.ts';
import type { Log } from './log.ts';

/** One request of the client, as far as the work for it needs to know. */
export interface Call {
  /** Aborted with an `InstallError` E_INTERRUPTED when the client cancels, or the server stops. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly log: Log;
}

/** The context of the server, with the parts that belong to one call replaced. */
export function contextOfCall(context: OperationContext, call: Call): OperationContext {
  const { signal, progress, log } = call;
  const onLockBusy: OperationContext['onLockBusy'] = (holder) =>
    log('notice', `Waiting for ${describeHolder(holder)}.`);
  return {
    ...context,
    progress,
    signal,
    onLockBusy,
    throwIfInterrupted: () => {
      if (signal.aborted) throw interruption(signal);
    },
  };
}

/** The error of a call that was stopped. */
export function interruption(signal: AbortSignal): InstallError {
  return signal.reason instanceof InstallError
    ? signal.reason
    : new InstallError('E_INTERRUPTED', 'The call was cancelled.', {
        remedy: 'What was under way is finished or undone. Call again to continue.',
      });
}
