import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { errnoOf } from '../../core/errors.ts';
import { countBytes, traceDescriptor, tracedPackets, watchPacks } from './bounds.ts';
import {
  interrupted,
  missingGit,
  stalled,
  talksWithoutEnd,
  tooManyBytes,
  tooManyRefs,
  tooSlow,
} from './failure.ts';
import { hardenedArguments, type ProcessVariables } from './settings.ts';
import type { ProcessMark } from '../git.ts';
import { markProcess, signalGroup } from '../process-mark.ts';
import { systemError } from '../system-error.ts';

export interface GitCommand {
  readonly args: readonly string[];
  readonly variables: ProcessVariables;
  /** The remote or the store, for messages. */
  readonly where: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without output before the process is ended; undefined: wait for ever. */
  readonly idleMs?: number | undefined;
  readonly onSpawn?: ((mark: ProcessMark) => void) | undefined;
  /** May throw, which ends git with that reason. */
  readonly onStderr?: ((text: string) => void) | undefined;
  /** Bytes of packet trace after which a remote has announced too much. */
  readonly boundRefs?: number | undefined;
  /** The store that packs are written into, and how long they may become. */
  readonly boundPacks?: { readonly store: string; readonly bytes: number } | undefined;
  /** Whether something will be written to its standard input; else it is closed. */
  readonly input?: boolean;
}

export interface GitEnd {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  /** The last 64 KiB. */
  readonly stderr: string;
}

export interface RunningGit {
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  /** Resolves when the process and all its output have ended. */
  readonly ended: Promise<GitEnd>;
  /** Ends it and everything it started; `ended` then rejects with the reason, when one is given. */
  stop(reason?: Error): void;
}

const keptStderr = 64 * 1024;
/** How many times the idle time a transfer may take in total: an hour, by default. */
const overallFactor = 60;
/**
 * An hour of progress output is a tenth of it; a server that sends messages without end is stopped.
 */
const stderrLimit = 4 * 1024 * 1024;

/**
 * Starts git without a shell, in a process group of its own: what it starts ends with it, and no
 * key press on the terminal reaches it before us.
 */
export function startGit(command: GitCommand): RunningGit {
  if (command.signal?.aborted === true) throw interrupted();
  // Windows passes no further descriptor on to what git starts.
  const traced = command.boundRefs !== undefined && process.platform !== 'win32';
  const child = spawn('git', [...hardenedArguments, ...command.args], {
    env: traced ? { ...command.variables, ...tracedPackets } : command.variables,
    cwd: '/',
    stdio: [
      command.input === true ? 'pipe' : 'ignore',
      'pipe',
      'pipe',
      ...(traced ? (['pipe'] as const) : []),
    ],
    detached: process.platform !== 'win32',
    windowsHide: true,
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  refuseWithoutPipes(child);
  let reason: Error | undefined;
  const stop = (why?: Error): void => {
    reason ??= why;
    endChild(child);
  };
  const onAbort = (): void => stop(interrupted());
  command.signal?.addEventListener('abort', onAbort, { once: true });
  const watch = watchIdle(command, stop);
  const watched = watchBounds(child, command, stop);

  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    watch.alive();
    stderr = (stderr + text).slice(-keptStderr);
    try {
      command.onStderr?.(text);
    } catch (error) {
      stop(asError(error));
    }
  });
  if (command.idleMs !== undefined) child.stdout.on('data', watch.alive);
  // A child that ends early breaks the pipe; its exit code and messages say why.
  child.stdin?.on('error', (error) => {
    if (errnoOf(error) !== 'EPIPE') reason ??= error;
  });

  const ended = new Promise<GitEnd>((resolve, reject) => {
    child.once('error', (error) => {
      reason ??= errnoOf(error) === 'ENOENT' ? missingGit(error) : error;
      // Without a pid nothing was started, and no `close` follows on every platform.
      if (child.pid === undefined) reject(reason);
    });
    child.once('close', (exitCode) => {
      watch.end();
      watched.end();
      command.signal?.removeEventListener('abort', onAbort);
      if (reason !== undefined) reject(reason);
      else resolve({ exitCode, stderr });
    });
  });
  // The caller that awaits it gets the rejection; until then it must not count as unhandled.
  ended.catch(() => undefined);
  if (child.pid !== undefined && command.onSpawn !== undefined) {
    try {
      command.onSpawn(markProcess(child.pid));
    } catch (error) {
      stop(asError(error));
    }
  }
  return { stdin: child.stdin, stdout: child.stdout, ended, stop };
}

/**
 * Runs git to its end and collects what it prints.
 * @param outputLimit bytes of standard output after which it is ended; 64 MiB
 */
export async function runGit(
  command: GitCommand & { readonly outputLimit?: number; readonly text?: string },
): Promise<GitEnd & { readonly stdout: Buffer }> {
  const limit = command.outputLimit ?? 64 * 1024 * 1024;
  const running = startGit({ ...command, input: command.text !== undefined });
  const chunks: Buffer[] = [];
  let bytes = 0;
  running.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) running.stop(tooManyRefs(command.where));
    else chunks.push(chunk);
  });
  running.stdin?.end(command.text);
  const end = await running.ended;
  return { ...end, stdout: Buffer.concat(chunks) };
}

/** Ends a process whose remote sends more than it may. */
function watchBounds(
  child: ChildProcessByStdio<Writable | null, Readable, Readable>,
  { boundRefs, boundPacks, where }: GitCommand,
  stop: (reason: Error) => void,
): { end: () => void } {
  if (boundRefs !== undefined) {
    countBytes(child.stderr, stderrLimit, () => stop(talksWithoutEnd(where)));
  }
  const trace = (child.stdio as readonly (Readable | Writable | null | undefined)[])[
    traceDescriptor
  ];
  if (boundRefs !== undefined && trace !== null && trace !== undefined && 'read' in trace) {
    countBytes(trace, boundRefs, () => stop(tooManyRefs(where)));
    // A credential daemon that git started may hold on to it for as long as it lives.
    child.once('exit', () => trace.destroy());
  }
  if (boundPacks === undefined) return { end: () => undefined };
  const { store, bytes } = boundPacks;
  return { end: watchPacks(store, bytes, () => stop(tooManyBytes(where, bytes))) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * When no more files can be opened, node returns a child without pipes and reports the reason
 * later.
 * @throws EMFILE
 */
function refuseWithoutPipes(child: ChildProcess): void {
  const { stdout } = child as Partial<ChildProcess>;
  if (stdout !== undefined) return;
  child.once('error', () => undefined);
  throw systemError('EMFILE', 'too many open files', 'spawn', 'git');
}

/**
 * SIGTERM lets git remove its lock files; a process that ignores it is killed two seconds later.
 */
function endChild(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    // git itself has exited, but something that it started may still hold the pipes.
    child.stdout?.destroy();
    child.stderr?.destroy();
    return;
  }
  signalGroup(pid, 'SIGTERM');
  const killer = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, 2_000);
  child.once('close', () => clearTimeout(killer));
}

/** Ends a process that is silent for too long, or that runs too long whatever it prints. */
function watchIdle(
  { idleMs, where }: GitCommand,
  stop: (reason: Error) => void,
): { alive: () => void; end: () => void } {
  if (idleMs === undefined) return { alive: () => undefined, end: () => undefined };
  const idle = setTimeout(() => stop(stalled(where, idleMs)), idleMs);
  const overallMs = overallFactor * idleMs;
  const overall = setTimeout(() => stop(tooSlow(where, overallMs)), overallMs);
  return {
    alive: () => idle.refresh(),
    end: () => {
      clearTimeout(idle);
      clearTimeout(overall);
    },
  };
}
