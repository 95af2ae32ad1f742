import type { Clock } from '../../platform/clock.ts';
import type { Progress } from '../../platform/progress.ts';

/** What `notifications/progress` carries besides its token. */
export interface ProgressNote {
  /** Grows with every note, as the specification wants it. */
  readonly progress: number;
  readonly message: string;
}

/** A client that is told more often than this reads nothing else any more. */
const pauseMs = 100;

/**
 * Progress as notes to a client. How many steps there will be is not known before they are over, so
 * no total is claimed; how far a step has come is in the message.
 */
export function createNotedProgress(
  clock: Pick<Clock, 'monotonic'>,
  notify: (note: ProgressNote) => void,
): Progress {
  let noted = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let current: { readonly label: string; readonly total: number | undefined } | undefined;
  const note = (message: string): void => {
    noted += 1;
    lastMs = clock.monotonic();
    notify({ progress: noted, message });
  };
  return {
    step(label, total) {
      current = { label, total };
      note(label);
    },
    advance(done) {
      if (current === undefined || clock.monotonic() - lastMs < pauseMs) return;
      const { label, total } = current;
      note(total === undefined ? `${label}: ${done}` : `${label}: ${done} of ${total}`);
    },
  };
}
