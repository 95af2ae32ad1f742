import { InstallError } from '../../core/errors.ts';
import type { OperationContext } from '../../operations/context.ts';
import { describeHolder } from '../../platform/lock.ts';
import type { Progress } from '../../platform/progress.ts';
import type { Log } from './log.ts';

/** One request of the client, as far as the work behind it has to do with it. */
export interface Call {
  /** Aborted with an `InstallError` E_INTERRUPTED when the client cancels, or the server stops. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly log: Log;
}

/** The context of the server, with what belongs to one call in the places of its own. */
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

/** Why a call was stopped, as the error that it ends with. */
export function interruption(signal: AbortSignal): InstallError {
  return signal.reason instanceof InstallError
    ? signal.reason
    : new InstallError('E_INTERRUPTED', 'The call was cancelled.', {
        remedy: 'What was under way is finished or undone. Call again to go on.',
      });
}
