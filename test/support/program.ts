import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
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
    { cwd: directory, env: environment(directory), encoding: 'utf8', timeout: 30_000 },
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
    // Far more than any run takes: one that waits for a FIFO or a server shows as status null.
    timeout: 30_000,
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

/** Who runs a program without blocking the test, and how. */
interface Runner {
  readonly directory: string;
  /** What the program runs under: a tracer and its options, for example. */
  readonly under?: readonly string[];
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
}

/** As `runIn`, without blocking: for a program that talks to a server of the test's own. */
export async function startIn(person: Runner, program: Program, ...args: string[]): Promise<Ran> {
  return await launchIn(person, program, ...args).ended;
}

/** As `startIn`, with the process in hand. */
export function launchIn(person: Runner, program: Program, ...args: string[]): Running {
  const { under = [] } = person;
  const [first = process.execPath, ...rest] = [
    ...under,
    process.execPath,
    programFile(program),
    ...args,
  ];
  const child = spawn(first, rest, {
    cwd: person.directory,
    env: environment(person.directory),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: person.timeout ?? 30_000,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (said.stderr += String(chunk)));
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (status) => resolve({ status, ...said }));
  });
  return { child, ended, stderr: () => said.stderr };
}

/** Starts a built program and does not wait. */
export function start(program: Program, ...args: string[]): ChildProcess {
  const person = temporaryDirectory();
  return spawn(process.execPath, [programFile(program), ...args], {
    cwd: person,
    env: environment(person),
    stdio: 'ignore',
  });
}

/** The JSON document that a program printed under `--json`, which fits its published schema. */
export function jsonOf(ran: Pick<Ran, 'stdout'>): unknown {
  return checkedResult(JSON.parse(ran.stdout));
}
