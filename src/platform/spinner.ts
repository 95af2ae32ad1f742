import { printable } from '../core/printable.ts';
import type { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** The part of a spinner that is used. */
export interface Spinner {
  text: string;
  start(): unknown;
  stop(): unknown;
}

export interface SpinnerProgress extends Progress {
  /** Removes the spinner until the next step, so that a line can be printed. */
  clear(): void;
  /** Removes the spinner; nothing is shown after this. Must be called at the end of a run. */
  stop(): void;
}

export interface SpinnerOptions {
  readonly terminal: Pick<Terminal, 'errIsTerminal' | 'colour'>;
  /** Makes the spinner, `ora` on stderr unless a test replaces it; undefined for no spinner. */
  readonly load?: (colour: boolean) => Promise<Spinner | undefined>;
}

/** Work that finishes sooner shows nothing, and does not load a spinner. */
const patienceMilliseconds = 500;

/** Shows progress on stderr while a run takes long, only where stderr is a terminal. */
export function createSpinnerProgress({
  terminal,
  load = loadOra,
}: SpinnerOptions): SpinnerProgress {
  let label = '';
  let count = '';
  let total: number | undefined;
  let spinner: Spinner | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let stopped = !terminal.errIsTerminal;

  const refresh = () => {
    if (spinner !== undefined) spinner.text = `${label}${count}`;
  };
  async function show(): Promise<void> {
    const loaded = await load(terminal.colour);
    // The work may have ended while the spinner was being loaded.
    if (stopped || loaded === undefined) return;
    spinner = loaded;
    refresh();
    spinner.start();
  }

  const clear = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    spinner?.stop();
    spinner = undefined;
  };

  return {
    step(next, items) {
      label = printable(next);
      total = items;
      count = '';
      refresh();
      if (stopped || waiting !== undefined) return;
      waiting = setTimeout(() => {
        // A spinner that cannot be loaded must not end an installation that is under way.
        show().catch(() => (stopped = true));
      }, patienceMilliseconds);
      // A run that has nothing else left to do must not wait for its spinner.
      waiting.unref();
    },
    advance(done) {
      count = total === undefined ? ` ${done}` : ` ${done}/${total}`;
      refresh();
    },
    stop() {
      stopped = true;
      clear();
    },
    clear,
  };
}

async function loadOra(colour: boolean): Promise<Spinner | undefined> {
  // ora divides by the width, and clears infinitely many lines on a terminal that reports 0, as
  // terminals without a window do (containers, CI).
  const { columns = 0 } = process.stderr as { columns?: number };
  if (columns < 1) return undefined;
  const { default: ora } = await import('ora');
  return ora({
    stream: process.stderr,
    color: colour ? 'cyan' : false,
    // Both would reach for the terminal's settings and for signals, which belong to the run: a
    // killed process would leave the cursor hidden and the input raw.
    hideCursor: false,
    discardStdin: false,
  });
}
