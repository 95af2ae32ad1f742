import { dirname, join, resolve } from 'node:path';
import { InstallError } from '../core/errors.ts';
import { steps } from '../core/remedy.ts';
import type { Environment } from '../platform/environment.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';

export type HomeScope = 'user' | 'project' | 'admin';

export interface ChosenHome {
  /** Absolute, links not yet resolved. */
  readonly path: string;
  readonly scope: 'explicit' | HomeScope;
  readonly origin: string;
  /** The repository that a home found inside it may not leave by a link. */
  readonly within?: string;
}

interface Choice {
  readonly fs: ReadFileSystem;
  readonly environment: Environment;
  readonly home?: string;
  readonly scope?: HomeScope;
}

const adminHome = '/etc/codex/identity';
const projectHome = join('.agents', 'identity');

/**
 * Which directory is the home (docs/protocol.md#homes-and-scopes): explicit option; `--scope`;
 * `IDENTITY_HOME`; `IDENTITY_HOME=` in `runtime-paths.env`; the project's, if it exists; the
 * user's.
 *
 * @throws InstallError E_HOME_UNSAFE if there is nothing to choose
 */
export function chooseHome(choice: Choice): ChosenHome {
  const { environment, home, scope } = choice;
  const inWorkingDirectory = (path: string): string =>
    resolve(environment.workingDirectory, expandTilde(path, environment.homeDirectory));
  if (home !== undefined && home !== '') {
    return { path: inWorkingDirectory(home), scope: 'explicit', origin: 'option home' };
  }
  if (scope !== undefined) return scopeHome(choice, scope);
  const variable = environment.variables['IDENTITY_HOME'];
  if (variable !== undefined && variable !== '') {
    return { path: inWorkingDirectory(variable), scope: 'explicit', origin: 'IDENTITY_HOME' };
  }
  return configuredHome(choice) ?? existingProjectHome(choice) ?? userHome(environment);
}

function scopeHome(choice: Choice, scope: HomeScope): ChosenHome {
  switch (scope) {
    case 'admin':
      return { path: adminHome, scope, origin: 'scope admin' };
    case 'user':
      return { ...userHome(choice.environment), origin: 'scope user' };
    case 'project': {
      const existing = existingProjectHome(choice);
      if (existing !== undefined) return { ...existing, origin: 'scope project' };
      const repository = waysUp(choice).at(-1);
      if (repository === undefined) {
        throw new InstallError(
          'E_HOME_UNSAFE',
          `${choice.environment.workingDirectory} is not inside a repository, so it has no project home.`,
          {
            remedy: steps('Run this inside a repository.', {
              kind: 'option',
              option: 'home',
              to: 'choose a home',
            }),
          },
        );
      }
      const path = join(repository, projectHome);
      return { path, scope, origin: 'scope project', within: repository };
    }
  }
}

/** `$CODEX_HOME`, or `~/.codex`; undefined for a user without a home directory. */
function codexHome(environment: Environment): string | undefined {
  const codex = environment.variables['CODEX_HOME'];
  if (codex !== undefined && codex !== '') return resolve(environment.workingDirectory, codex);
  const user = environment.homeDirectory;
  return user === undefined ? undefined : join(user, '.codex');
}

function userHome(environment: Environment): ChosenHome {
  const codex = codexHome(environment);
  if (codex === undefined) {
    throw new InstallError('E_HOME_UNSAFE', 'This user has no home directory.', {
      remedy: steps(
        { kind: 'option', option: 'home', to: 'choose a home' },
        'The environment variable IDENTITY_HOME chooses it, too.',
      ),
    });
  }
  const variable = environment.variables['CODEX_HOME'];
  const origin =
    variable === undefined || variable === '' ? '~/.codex/identity' : '$CODEX_HOME/identity';
  return { path: join(codex, 'identity'), scope: 'user', origin };
}

/** What the protocol's own tools wrote for the user: `IDENTITY_HOME=` in `runtime-paths.env`. */
function configuredHome({ fs, environment }: Choice): ChosenHome | undefined {
  const codex = codexHome(environment);
  if (codex === undefined) return undefined;
  const file = join(codex, 'identity', 'config', 'runtime-paths.env');
  if (fs.stat(file) === undefined) return undefined;
  // Managers of dotfiles put links here; a link that belongs to the user is as good as the file.
  const text = fs.read(fs.realPath(file)).toString('utf8');
  const value = valueOf('IDENTITY_HOME', text, environment);
  if (value === undefined || value === '') return undefined;
  return { path: resolve(codex, value), scope: 'user', origin: file };
}

/**
 * The last assignment of a variable in shell syntax: `export`, quotes and expansions of the home
 * directory are understood; anything else is taken literally and never executed.
 */
function valueOf(name: string, text: string, environment: Environment): string | undefined {
  let found: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, key, raw] = /^\s*(?:export\s+)?(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== name || raw === undefined) continue;
    const [, quote, quoted] = /^(["'])(.*?)\1/.exec(raw) ?? [];
    const value = quoted ?? raw.replace(/\s+#.*$/, '').trim();
    found = quote === "'" ? value : expandHome(value, environment.homeDirectory);
  }
  return found;
}

/**
 * `~/x` as the user meant it. Shells do not expand it in `--home=~/x` and in quotes, and nobody
 * wants a directory called `~`, which is dangerous to remove; `./~` still names one.
 */
function expandTilde(path: string, user: string | undefined): string {
  return user !== undefined && /^~(?=\/|$)/.test(path) ? user + path.slice(1) : path;
}

function expandHome(value: string, user: string | undefined): string {
  const [prefix] = /^(?:~|\$HOME|\$\{HOME\})(?=[/\\]|$)/.exec(value) ?? [];
  return user === undefined || prefix === undefined ? value : user + value.slice(prefix.length);
}

/** The nearest `.agents/identity` between the working directory and its repository's root. */
function existingProjectHome(choice: Choice): ChosenHome | undefined {
  const directories = waysUp(choice);
  const within = directories.at(-1);
  for (const directory of directories) {
    const path = join(directory, projectHome);
    if (within !== undefined && choice.fs.stat(path) !== undefined) {
      return { path, scope: 'project', origin: path, within };
    }
  }
  return undefined;
}

/**
 * The working directory and those above it, up to its repository's root; empty outside a
 * repository.
 */
function waysUp({ fs, environment }: Choice): string[] {
  const directories: string[] = [];
  for (let at = environment.workingDirectory; ; at = dirname(at)) {
    directories.push(at);
    if (fs.stat(join(at, '.git')) !== undefined) return directories;
    if (at === dirname(at)) return [];
  }
}
