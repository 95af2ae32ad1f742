import { realpathSync } from 'node:fs';
import module from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageDirectoryAbove } from './process-environment.ts';
import { errnoOf } from '../core/errors.ts';

/** The signals that ask a run to stop and can be listened to. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface LaunchedProcess {
  /** Whether npx started it, from its cache or from the package in the working directory. */
  readonly startedByNpx: boolean;
  /** Absolute directory of the running package, links resolved. */
  readonly packageDirectory: string;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Absolute path of the running node. */
  readonly node: string;
  /** The file that a program name stands for on PATH, links resolved. */
  readonly onPath: (program: string) => string | undefined;
}

/** What the command line needs of the process that it runs in. */
export interface Process {
  /** Arguments after the program. */
  readonly arguments: readonly string[];
  /** How this process was started; looked up when asked for. */
  launch(): LaunchedProcess;
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
  launch: () => ({
    startedByNpx: /[\\/]_npx[\\/]/.test(process.argv[1] ?? ''),
    packageDirectory: packageDirectoryAbove(dirname(fileURLToPath(import.meta.url))),
    workingDirectory: process.cwd(),
    node: process.execPath,
    onPath: findOnPath,
  }),
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

function findOnPath(program: string): string | undefined {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      return realpathSync(join(directory, program));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return undefined;
}
