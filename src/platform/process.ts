import module from 'node:module';
import { screenOf, type Screen } from './terminal.ts';

/** The signals that ask a run to stop and can be listened to. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What the command line needs from the process that it runs in. */
export interface Process {
  /** Arguments after the program. */
  readonly arguments: readonly string[];
  /**
   * Writes to standard output. A reader that went away (`| head`) is not an error; if it cannot be
   * written for another reason, that is reported, and the exit code is that of `E_IO`.
   */
  out(text: string): void;
  /** Writes to standard error; output that cannot be written is dropped. */
  err(text: string): void;
  /** What one of the two is displayed on. */
  screen(stream: 'stdout' | 'stderr'): Screen;
  setExitCode(code: number): void;
  /**
   * Ends the process after at most so many milliseconds with the exit code that is set, even if
   * somebody holds its output open and does not read it.
   */
  forceExitAfter(milliseconds: number): void;
  /**
   * Calls the listener for every stop signal instead of ending the process, with how many came so
   * far. Returns a function that restores the platform's own behaviour.
   */
  onStopSignal(listener: (signal: StopSignal, count: number) => void): () => void;
  /** Sends the signal to this process, to end it as if no listener had been set. */
  raise(signal: StopSignal): void;
}

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const thisProcess: Process = {
  arguments: process.argv.slice(2),
  out: (text) => write(process.stdout, text, reportLost),
  err: (text) => write(process.stderr, text, () => undefined),
  screen: (stream) => screenOf(process[stream], process.env),
  setExitCode: (code) => {
    process.exitCode = lost ? lostExitCode : code;
  },
  forceExitAfter: (milliseconds) => {
    // A write that nobody reads keeps a process alive, and nothing else cancels it.
    // eslint-disable-next-line no-restricted-properties
    setTimeout(() => process.exit(), milliseconds).unref();
  },
  onStopSignal: (listener) => {
    let count = 0;
    const handle = (signal: NodeJS.Signals): void => {
      count += 1;
      listener(signal as StopSignal, count);
    };
    for (const signal of stopSignals) process.on(signal, handle);
    return () => {
      for (const signal of stopSignals) process.off(signal, handle);
    };
  },
  raise: (signal) => {
    process.kill(process.pid, signal);
  },
};

let lost = false;
/** Of `E_IO`; the table of codes is not loaded for `--version`. */
const lostExitCode = 3;
const readerLeft = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/** A result written to a full disk is incomplete: a reader of the file must not rely on it. */
function reportLost({ code: errno = '' }: NodeJS.ErrnoException): void {
  if (lost || readerLeft.has(errno)) return;
  lost = true;
  process.exitCode = lostExitCode;
  thisProcess.err(
    `error[E_IO]: Standard output cannot be written (${errno}).\n` +
      '  Only the output is lost: the history of the home lists what was changed.\n',
  );
}

function write(stream: NodeJS.WriteStream, text: string, onError: (error: Error) => void): void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on('error', onError);
  }
  stream.write(text);
}

const guarded = new WeakSet<NodeJS.WriteStream>();

/** Lets Node keep compiled code between runs, where it can (22.1 and later), in its own place. */
export function keepCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  enableCompileCache?.();
}
