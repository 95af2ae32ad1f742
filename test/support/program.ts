import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary-directory.ts';

export type Program = 'identity-install' | 'identity-rollback' | 'identity';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function file(program: Program): string {
  return fileURLToPath(new URL(`../../bin/${program}.js`, import.meta.url));
}

/** A person's environment without anything of this machine's that could change a result. */
function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C', NO_COLOR: '1' };
}

/** Runs a built program to its end, as a person in an empty directory without a terminal. */
export function run(program: Program, ...args: string[]): Ran {
  const person = temporaryDirectory();
  const { status, stdout, stderr } = spawnSync(process.execPath, [file(program), ...args], {
    cwd: person,
    env: environment(person),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** Starts a built program and does not wait. */
export function start(program: Program, ...args: string[]): ChildProcess {
  const person = temporaryDirectory();
  return spawn(process.execPath, [file(program), ...args], {
    cwd: person,
    env: environment(person),
    stdio: 'ignore',
  });
}

/** The JSON document that a program printed under `--json`. */
export function jsonOf(ran: Ran): unknown {
  return JSON.parse(ran.stdout);
}
