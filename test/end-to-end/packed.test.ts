import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { suiteDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const missing =
  process.platform === 'win32'
    ? 'it pastes into a POSIX shell'
    : spawnSync('npm', ['--version']).status === 0
      ? undefined
      : 'npm is not there';
const minutes = 5;

/** A person with an empty cache of npm, whose registry does not answer. */
interface Person {
  readonly home: string;
  readonly directory: string;
}

function newPerson(): Person {
  const home = temporaryDirectory();
  const directory = join(home, 'work');
  mkdirSync(directory);
  return { home, directory };
}

function runFor({ home, directory }: Person, command: string, ...args: string[]) {
  const ran = spawnSync(command, args, {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      LC_ALL: 'C',
      NO_COLOR: '1',
      npm_config_registry: 'http://127.0.0.1:9/',
    },
    encoding: 'utf8',
    timeout: minutes * 60_000,
  });
  expect(ran.status, ran.stderr).toBe(0);
  return ran;
}

/** Pasted into a shell, in a directory where none of the paths of the person mean anything. */
function paste(person: Person, line: string): void {
  runFor({ ...person, directory: temporaryDirectory() }, 'sh', '-c', line);
}

const undoOf = (text: string) => /^To undo this:\n +(.+)$/m.exec(text)?.[1] ?? expect.fail(text);

describe.skipIf(missing !== undefined)(
  `the packed tarball${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { timeout: minutes * 60_000 },
  () => {
    const packed = suiteDirectory();
    let tarball: string;

    beforeAll(() => {
      // What is built is packed as it is: a build of its own would take it from under other tests.
      const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed];
      const { status, stdout, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      tarball = join(packed, stdout.trim());
    }, minutes * 60_000);

    const prompt = (person: Person) =>
      existsSync(join(person.directory, 'home/instances/code-reviewer/IDENTITY_PROMPT.md'));

    test('is installed alone, without a registry, a script or a warning', () => {
      const person = newPerson();
      const { stderr } = runFor(person, 'npm', 'install', tarball);
      expect(stderr).toBe('');
      const modules = join(person.directory, 'node_modules');
      expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual([
        'identity-install',
      ]);
      const { scripts = {}, ...manifest } = JSON.parse(
        readFileSync(join(modules, 'identity-install/package.json'), 'utf8'),
      ) as Readonly<Record<string, object>>;
      const run = ['preinstall', 'install', 'postinstall', 'prepare'];
      expect(Object.keys(scripts).filter((name) => run.includes(name))).toEqual([]);
      expect(Object.keys(manifest)).not.toContain('dependencies');

      // npx has the programs of the project on its PATH; a shell of the person has not.
      const ran = runFor(person, 'npx', 'identity-install', '--home', 'home');
      expect(prompt(person)).toBe(true);
      paste(person, undoOf(ran.stdout));
      expect(prompt(person)).toBe(false);
    });

    test('prints under npx an undo line that runs, with the registry out of reach', () => {
      const person = newPerson();
      const npx = ['--yes', '--package', tarball, 'identity-install', '--home', 'home'];
      const { stdout } = runFor(person, 'npx', ...npx);
      expect(prompt(person)).toBe(true);
      const undo = undoOf(stdout);
      expect(undo).toMatch(/^npx --yes --package=\/\S+\.tgz identity-rollback /);
      paste(person, undo);
      expect(prompt(person)).toBe(false);
    });
  },
);
