import { InstallError } from '../core/errors.ts';
import type { Process } from '../platform/process.ts';

/**
 * A request to stop, as an abort signal. `release`, called when everything is finished, restores
 * the platform's own handling of signals; a run that was asked to stop then does not wait for ever
 * for its output to be read.
 */
export interface StopOnSignal {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** How long output may wait for its reader after the run was asked to stop. */
const unreadMs = 1000;

/**
 * Turns the first stop signal into an abort, so that a change under way is finished or undone. The
 * second only repeats the message; the third ends the process immediately, which is safe (the next
 * command recovers) but not a clean end.
 */
export function stopOnSignal(process: Process): StopOnSignal {
  const controller = new AbortController();
  const release = process.onStopSignal((signal, count) => {
    if (count === 1) {
      process.err('Stopping: what is under way is finished or undone first.\n');
      controller.abort(
        new InstallError('E_INTERRUPTED', `The run was interrupted by ${signal}.`, {
          remedy: 'Run the same command again to continue.',
          details: { signal },
        }),
      );
    } else if (count === 2) {
      process.err(
        'Still finishing. Once more stops at once; the next command that writes then recovers.\n',
      );
    } else {
      release();
      process.raise(signal);
    }
  });
  return {
    signal: controller.signal,
    release() {
      release();
      if (controller.signal.aborted) process.forceExitAfter(unreadMs);
    },
  };
}
