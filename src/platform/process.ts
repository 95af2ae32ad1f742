import module from 'node:module';

/** The signals that ask a run to stop and can be listened to. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What the command line needs of the process that it runs in. */
export interface Process {
  /** Arguments after the program. */
  readonly arguments: readonly string[];
  /** Writes to standard output. A reader that went away (`| head`) is no error. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  setExitCode(code: number): void;
  /**
   * Calls the listener for every stop signal instead of ending the process, with how many came
   * so far. Returns what puts the platform's own behaviour back.
   */
  onStopSignal(listener: (signal: StopSignal, count: number) => void): () => void;
  /** Sends the signal to this process, to end it as if nobody had listened. */
  raise(signal: StopSignal): void;
}

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const thisProcess: Process = {
  arguments: process.argv.slice(2),
  out: (text) => write(process.stdout, text),
  err: (text) => write(process.stderr, text),
  setExitCode: (code) => {
    process.exitCode = code;
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

function write(stream: NodeJS.WriteStream, text: string): void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  stream.write(text);
}

const guarded = new WeakSet<NodeJS.WriteStream>();

/** Lets Node keep compiled code between runs, where it can (22.1 and later), in its own place. */
export function keepCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  enableCompileCache?.();
}
