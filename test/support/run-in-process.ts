/**
 * The programs without a process of their own, from the command line to what is printed and the exit
 * code. This is the one place where tests know how a program is put together.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { composeIn } from '../../src/cli/compose.ts';
import { main } from '../../src/cli/main.ts';
import type { MainInput } from '../../src/cli/main-input.ts';
import type { Environment } from '../../src/platform/environment.ts';
import { createGit } from '../../src/platform/git/adapter.ts';
import { readEnvironment } from '../../src/platform/process-environment.ts';
import { createTestGit } from './loose-git.ts';
import type { Program, Ran } from './program.ts';
import { createTestDisk } from './test-disk.ts';
import { watched } from './watchdog.ts';

/** Who runs a program, and where. */
export interface Person {
  /** The working directory, which is the person's home too where `HOME` is not another. */
  readonly directory: string;
  readonly variables?: NodeJS.ProcessEnv;
  /** Whether every question to git starts one, as it does outside of tests; see `looseGit`. */
  readonly startsGit?: boolean;
  /** A process has one user, and this one is the test's. */
  readonly uid?: never;
}

const packageDirectory = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a command line to its end, as `runIn` does with the built program: as a person without a
 * terminal, with nothing of this machine's that could change a result.
 */
export async function runInProcess(
  { directory, variables, startsGit = variables?.['PATH'] !== undefined }: Person,
  program: Program,
  ...args: readonly string[]
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const exitCodes: number[] = [];
  const err = (text: string): void => void (said.stderr += text);
  const environment: Environment = {
    ...readEnvironment(),
    variables: {
      PATH: process.env['PATH'],
      HOME: directory,
      LC_ALL: 'C',
      NO_COLOR: '1',
      ...variables,
    },
    workingDirectory: realpathSync(directory),
    homeDirectory: variables?.['HOME'] ?? directory,
  };
  const git = startsGit ? createGit(environment) : createTestGit(environment);
  const terminal = {
    err,
    outIsTerminal: false,
    errIsTerminal: false,
    inIsTerminal: false,
    columns: 80,
    colour: false,
  };
  const input: MainInput = {
    program,
    process: {
      arguments: args,
      out: (text) => void (said.stdout += text),
      err,
      screen: () => ({ colour: false }),
      setExitCode: (code) => void exitCodes.push(code),
      forceExitAfter: () => undefined,
      onStopSignal: () => () => undefined,
      raise: () => undefined,
    },
    loadLaunch: async () => ({
      npxTarball: undefined,
      packageDirectory,
      node: process.execPath,
      onPath: () => undefined,
    }),
    loadCompose: async () => (options, given) =>
      composeIn({ environment, terminal, fs: createTestDisk(), git }, options, given),
  };
  await watched(() => main(input));
  const [status, ...others] = exitCodes;
  if (status === undefined || others.length > 0) {
    throw new Error(`The exit code was set ${exitCodes.length} times.`);
  }
  return { status, ...said };
}

/** The same, with every question to git asked of a git that is started for it. */
export function runStartingGit(
  person: Person,
  program: Program,
  ...args: readonly string[]
): Promise<Ran> {
  return runInProcess({ ...person, startsGit: true }, program, ...args);
}
