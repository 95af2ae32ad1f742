import type { Clock } from '../../platform/clock.ts';
import type { Progress } from '../../platform/progress.ts';

/** What `notifications/progress` carries besides its token. */
export interface ProgressNote {
  /** Grows with every notification, as the specification requires. */
  readonly progress: number;
  readonly message: string;
}

/** More frequent notifications would keep a client busy with nothing else. */
const pauseMs = 100;

/**
 * Progress as notifications to a client. The number of steps is not known in advance, so no total
 * is given; the message says how far a step has come.
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
