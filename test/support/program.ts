import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkedResult } from './result-schemas.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type Program = 'identity-install' | 'identity-rollback' | 'identity';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a built program lies. */
export function programFile(program: Program): string {
  return fileURLToPath(new URL(`../../bin/${program}.js`, import.meta.url));
}

/**
 * Only for what hangs, such as a run that waits for a FIFO: it then shows as status null. Fifty runs
 * at once, on a busy machine, take minutes.
 */
const patienceMs = 600_000;

/** A person's environment without anything of this machine's that could change a result. */
function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C', NO_COLOR: '1' };
}

/** Runs a built program to its end, as a person in an empty directory without a terminal. */
export function run(program: Program, ...args: string[]): Ran {
  return runIn({ directory: temporaryDirectory() }, program, ...args);
}

/** As `run`, under another program, which is given node and its arguments to start. */
export function runUnder(
  wrapper: readonly [string, ...string[]],
  program: Program,
  ...args: string[]
): Ran {
  const directory = temporaryDirectory();
  const [command, ...before] = wrapper;
  const { status, stdout, stderr } = spawnSync(
    command,
    [...before, process.execPath, programFile(program), ...args],
    { cwd: directory, env: environment(directory), encoding: 'utf8', timeout: patienceMs },
  );
  return { status, stdout, stderr };
}

/** As `run`, in a directory of the test's, which is the person's home too. */
export function runIn(
  person: {
    readonly directory: string;
    readonly variables?: NodeJS.ProcessEnv;
    /** A program and its arguments under which it runs: a tracer. */
    readonly under?: readonly string[];
    /** Another user than the one who runs the tests; for root only. */
    readonly uid?: number;
  },
  program: Program,
  ...args: string[]
): Ran {
  const { directory, variables, uid, under = [] } = person;
  const [first = process.execPath, ...rest] = [
    ...under,
    process.execPath,
    programFile(program),
    ...args,
  ];
  const { status, stdout, stderr } = spawnSync(first, rest, {
    cwd: directory,
    env: { ...environment(directory), ...variables },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(uid === undefined ? {} : { uid }),
    timeout: patienceMs,
  });
  return { status, stdout, stderr };
}

/** A program that runs, for what is done to it meanwhile. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** What it has said on standard error so far. */
  readonly stderr: () => string;
}

/** A moment of a run that is reached by what has happened until then (`signal-at.mjs`). */
export interface SignalAt {
  readonly signal?: NodeJS.Signals;
  /** Right before the call of this number, from 1, or before the first one that fits. */
  readonly at?: number | RegExp;
  /** The file that gets a line for each call. */
  readonly log?: string;
}

const signalScript = new URL('signal-at.mjs', import.meta.url).href;

function variablesOf({ signal, at, log }: SignalAt): NodeJS.ProcessEnv {
  return {
    ...(signal !== undefined && { SIGNAL: signal }),
    ...(at !== undefined && { SIGNAL_AT: typeof at === 'number' ? String(at) : at.source }),
    ...(log !== undefined && { SIGNAL_LOG: log }),
  };
}

/** Who runs a program without blocking the test, and how. */
interface Runner {
  readonly directory: string;
  readonly variables?: NodeJS.ProcessEnv;
  /** Another user than the one who runs the tests; for root only. */
  readonly uid?: number;
  /** What the program runs under: a tracer and its options, for example. */
  readonly under?: readonly string[];
  /** Where a signal reaches it. */
  readonly signalAt?: SignalAt;
}

/** As `runIn`, without blocking: for a program that talks to a server of the test's own. */
export async function startIn(person: Runner, program: Program, ...args: string[]): Promise<Ran> {
  return await launchIn(person, program, ...args).ended;
}

/** As `startIn`, with the process in hand. */
export function launchIn(person: Runner, program: Program, ...args: string[]): Running {
  const { under = [], variables, uid, signalAt } = person;
  const [first = process.execPath, ...rest] = [
    ...under,
    process.execPath,
    ...(signalAt === undefined ? [] : ['--import', signalScript]),
    programFile(program),
    ...args,
  ];
  const child = spawn(first, rest, {
    cwd: person.directory,
    env: {
      ...environment(person.directory),
      ...variables,
      ...(signalAt && variablesOf(signalAt)),
    },
    ...(uid === undefined ? {} : { uid }),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (said.stderr += String(chunk)));
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (status) => resolve({ status, ...said }));
  });
  return { child, ended, stderr: () => said.stderr };
}

/** The calls that change a file or start a program, of a run that nothing is done to. */
export async function callsOf(
  directory: string,
  program: Program,
  ...args: string[]
): Promise<string[]> {
  const log = join(temporaryDirectory(), 'calls');
  const ran = await startIn({ directory, signalAt: { log } }, program, ...args);
  if (ran.status !== 0) throw new Error(ran.stderr);
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

/** The JSON document that a program printed under `--json`, which fits its published schema. */
export function jsonOf(ran: Pick<Ran, 'stdout'>): unknown {
  return checkedResult(JSON.parse(ran.stdout));
}
