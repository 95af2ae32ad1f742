import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import type { ErrorCode } from '../../src/core/error-codes.ts';
import { errorCodes } from '../../src/core/error-codes.ts';
import { helperRelease } from './helper-pack.ts';
import { keptPlaces } from './kept-places.ts';
import type { Program, Ran } from './program.ts';
import {
  makeRepository,
  openRepository,
  type RepositoryFiles,
  type TestRepository,
} from './repository.ts';
import { runInProcess, type Person } from './run-in-process.ts';
import { suiteDirectory } from './temporary-directory.ts';
import { treeOf } from './tree.ts';

/** A complete pack of `helper`. */
export const soundPack: RepositoryFiles = {
  'IDENTITY_PROMPT.md': 'prompt\n',
  'CURRENT_TASK.json': '{"objective": "help"}\n',
  'TASK_HISTORY.md': '# history\n',
  'META.yaml': 'id: helper\n',
};

/** How a program is run: within this process, or as a process of its own. */
export type Runner = (person: Person, program: Program, ...args: string[]) => Promise<Ran>;

/** A person with a home in which `helper` v1.0.0 is installed from a sound repository. */
export interface HostileScene {
  readonly directory: string;
  readonly home: string;
  readonly instance: string;
  readonly state: string;
  readonly repository: TestRepository;
  /** Runs a program on that home. */
  readonly run: (program: Program, ...args: string[]) => Promise<Ran>;
}

/** @param directory empty, kept for as long as the scene is used */
export async function makeScene(
  directory: string,
  runAs: Runner = runInProcess,
): Promise<HostileScene> {
  const { path } = makeRepository({ 'v1.0.0': helperRelease(soundPack) }, directory);
  mkdirSync(join(directory, 'person'));
  const scene = sceneIn(directory, runAs);
  const ran = await scene.run('identity-install', '--from', path);
  if (ran.status !== 0) throw new Error(`the scene cannot be set up: ${ran.stderr}`);
  return scene;
}

const places = keptPlaces(makeScene);

/** A scene for the running test alone. */
export async function openScene(runAs: Runner = runInProcess): Promise<HostileScene> {
  return sceneIn(await places(), runAs);
}

/** The scene that was made in this directory, whoever runs the programs now. */
export function sceneIn(directory: string, runAs: Runner = runInProcess): HostileScene {
  const repository = openRepository(join(directory, 'source.git'));
  const home = join(directory, 'home');
  const person = join(directory, 'person');
  const run = (program: Program, ...args: string[]): Promise<Ran> =>
    runAs({ directory: person }, program, ...args, '--home', home);
  return {
    directory,
    home,
    instance: join(home, 'instances', 'helper'),
    state: join(home, '.identity-install'),
    repository,
    run,
  };
}

/** One scene for all tests of a file; called where those are declared, and open when they run. */
export function suiteScene(runAs?: Runner): HostileScene {
  const directory = suiteDirectory();
  const scene = {} as HostileScene;
  beforeAll(async () => {
    Object.assign(scene, await makeScene(directory, runAs));
  });
  return scene;
}

/** Everything below a directory but, in homes, lock files, and objects and refs of releases, which are a cache. */
export function homeState(home: string): Record<string, string> {
  return treeOf(home, (path) =>
    /(^|\/)\.identity-install\/(lock$|releases\.(lock|pid|git)(\/|$))/.test(path),
  );
}

/** What is expected of a run that must not be carried out. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What the message or the hint has to name. */
  readonly names?: string | readonly string[];
}

/**
 * The run ends with the exit code that belongs to the error, says the code, what is wrong and what
 * to do, and has not changed a byte, a mode or a kind in any of the directories.
 *
 * @param watched directories that the run must leave as they are, homes among them
 */
export async function expectRefused(
  act: () => Promise<Ran>,
  refusal: Refusal,
  watched: readonly string[],
): Promise<Ran> {
  const before = watched.map(homeState);
  const ran = await act();
  expectRefusal(ran, refusal);
  expect(watched.map(homeState)).toEqual(before);
  return ran;
}

function expectRefusal(ran: Ran, { code, names = [] }: Refusal): void {
  const [first = '', ...hint] = ran.stderr.trimEnd().split('\n');
  expect(ran.stderr).toMatch(/^error\[E_[A-Z_]+\]: \S/);
  expect({ status: ran.status, code: /^error\[(\w+)\]/.exec(first)?.[1] }).toEqual({
    status: errorCodes[code].exit,
    code,
  });
  expect(hint.join('\n'), 'a hint below the message').toMatch(/^ {2}\S/);
  for (const name of [names].flat()) expect(ran.stderr).toContain(name);
  expect(ran.stdout).toBe('');
  expectPlainText(ran);
}

/** Nothing that a terminal obeys, and nothing that it draws as something else or as nothing. */
export function expectPlainText({ stdout, stderr }: Ran): void {
  expect(stdout + stderr).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}

/** Every file below a directory that holds the text, in its content or in its name. */
export function filesHolding(root: string, text: string): string[] {
  const wanted = Buffer.from(text);
  const found: string[] = [];
  const visit = (path: string): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) {
      for (const name of readdirSync(path)) {
        if (name.includes(text)) found.push(join(path, name));
        visit(join(path, name));
      }
    } else if (stat?.isFile() === true && readFileSync(path).includes(wanted)) found.push(path);
  };
  visit(root);
  return found;
}
