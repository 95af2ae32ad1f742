import { describe, expect, it } from 'vitest';
import { resolveHome, type HomeRequest } from '../../src/instance/home.ts';
import type { Environment } from '../../src/platform/environment.ts';
import { systemError } from '../../src/platform/system-error.ts';
import { environmentOf } from '../support/environment.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';

const seed = {
  '/home/ann/code/project/.git/HEAD': '',
  '/home/ann/code/project/src/deep': null,
  '/home/ann/.codex': null,
  '/srv': null,
};
const envFile = '/home/ann/.codex/identity/config/runtime-paths.env';

type Extra = Omit<Partial<HomeRequest>, 'fs' | 'environment'>;

function resolve(
  extra: Extra = {},
  files: Record<string, string | null> = {},
  environment: Partial<Environment> = {},
) {
  const fs = createMemoryFileSystem({ ...seed, ...files });
  return resolveHome({ fs, environment: environmentOf(environment), ...extra });
}

const withVariables = (variables: Record<string, string>) => ({ variables });
const withProject = { '/home/ann/code/project/.agents/identity': null };

describe('the order of homes', () => {
  it.each([
    ['--home', { home: '/srv/h' }, withProject, { IDENTITY_HOME: '/srv/v' }, '/srv/h', 'explicit'],
    ['--home=~/h, left alone by the shell', { home: '~/h' }, {}, {}, '/home/ann/h', 'explicit'],
    ['IDENTITY_HOME="~/h"', {}, {}, { IDENTITY_HOME: '~/h' }, '/home/ann/h', 'explicit'],
    [
      'a directory that is called ~',
      { home: './~/h' },
      {},
      {},
      '/home/ann/code/project/src/~/h',
      'explicit',
    ],
    ['--home, relative', { home: 'h' }, {}, {}, '/home/ann/code/project/src/h', 'explicit'],
    [
      '--scope over IDENTITY_HOME',
      { scope: 'user' as const },
      {},
      { IDENTITY_HOME: '/srv/v' },
      '/home/ann/.codex/identity',
      'user',
    ],
    ['--scope admin', { scope: 'admin' as const }, {}, {}, '/etc/codex/identity', 'admin'],
    [
      '--scope project, to be made',
      { scope: 'project' as const },
      {},
      {},
      '/home/ann/code/project/.agents/identity',
      'project',
    ],
    ['IDENTITY_HOME', {}, withProject, { IDENTITY_HOME: '/srv/v' }, '/srv/v', 'explicit'],
    ['empty IDENTITY_HOME', {}, {}, { IDENTITY_HOME: '' }, '/home/ann/.codex/identity', 'user'],
    [
      'runtime-paths.env over the project',
      {},
      { ...withProject, [envFile]: 'IDENTITY_HOME=/srv/e\n' },
      {},
      '/srv/e',
      'user',
    ],
    [
      'runtime-paths.env without it',
      {},
      { [envFile]: 'OTHER=/srv/e\n' },
      {},
      '/home/ann/.codex/identity',
      'user',
    ],
    [
      'runtime-paths.env below CODEX_HOME',
      {},
      { '/srv/c/identity/config/runtime-paths.env': 'export IDENTITY_HOME="/srv/e f"\r\n' },
      { CODEX_HOME: '/srv/c' },
      '/srv/e f',
      'user',
    ],
    ['the project', {}, withProject, {}, '/home/ann/code/project/.agents/identity', 'project'],
    [
      'the nearest in the project',
      {},
      { ...withProject, '/home/ann/code/project/src/.agents/identity': null },
      {},
      '/home/ann/code/project/src/.agents/identity',
      'project',
    ],
    [
      'nothing above the repository',
      {},
      { '/home/ann/code/.agents/identity': null },
      {},
      '/home/ann/.codex/identity',
      'user',
    ],
    ['CODEX_HOME', {}, {}, { CODEX_HOME: '/srv/c' }, '/srv/c/identity', 'user'],
  ])('%s', (_name, extra: Extra, files, variables: Record<string, string>, path, scope) => {
    expect(resolve(extra, files, withVariables(variables))).toMatchObject({ path, scope });
  });

  it('looks for a project only inside a repository', () => {
    const outside = { workingDirectory: '/srv' };
    const files = { '/srv/.agents/identity': null };
    expect(resolve({}, files, outside).path).toBe('/home/ann/.codex/identity');
    expect(() => resolve({ scope: 'project' }, files, outside)).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
  });

  it.each([
    ['IDENTITY_HOME=~/x', '/home/ann/x'],
    ['IDENTITY_HOME="$HOME/x"', '/home/ann/x'],
    ['IDENTITY_HOME=${HOME}/x  # note', '/home/ann/x'],
    ["export IDENTITY_HOME='/srv/$HOME'", '/srv/$HOME'],
    ['IDENTITY_HOME=/srv/a\nIDENTITY_HOME=/srv/b', '/srv/b'],
    ['# IDENTITY_HOME=/srv/a', '/home/ann/.codex/identity'],
    ['IDENTITY_HOME=/srv/$(touch x)', '/srv/$(touch x)'],
  ])('reads %j in runtime-paths.env', (line, path) => {
    expect(resolve({}, { [envFile]: `${line}\n` }).path).toBe(path);
  });

  it('says where the choice came from', () => {
    expect(resolve({}, { [envFile]: 'IDENTITY_HOME=/srv/e' }).origin).toBe(envFile);
    expect(resolve().origin).toBe('~/.codex/identity');
  });

  it('has nothing to choose for a user without home directory', () => {
    const nobody = { homeDirectory: undefined, workingDirectory: '/srv' };
    expect(() => resolve({}, {}, nobody)).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
    expect(resolve({ home: '/srv/h' }, {}, nobody).path).toBe('/srv/h');
  });
});

const protocolTree = {
  '/srv/p/identity/catalog/identities.yaml': '',
  '/srv/p/identity/protocol/IDENTITY_RUNTIME.md': '',
};

describe('homes that are refused', () => {
  it.each([
    ['/', 'E_TARGET_PROTECTED', {}],
    ['/home/ann', 'E_TARGET_PROTECTED', {}],
    ['/home/ann/code/..', 'E_TARGET_PROTECTED', {}],
    ['/srv/p', 'E_TARGET_PROTECTED', protocolTree],
    ['/srv/p/identity', 'E_TARGET_PROTECTED', protocolTree],
    ['/srv/p/identity/runtime/new', 'E_TARGET_PROTECTED', protocolTree],
    ['/srv/file', 'E_HOME_UNSAFE', { '/srv/file': 'x' }],
    ['/srv/file/below', 'E_HOME_UNSAFE', { '/srv/file': 'x' }],
  ])('%s: %s', (home, code, files: Record<string, string>) => {
    expect(() => resolve({ home }, files)).toThrow(expect.objectContaining({ code }));
  });

  it('lets the user insist on a protocol tree, and leaves its other corners alone', () => {
    const home = '/srv/p/identity/local';
    expect(resolve({ home, allowProtocolTree: true }, protocolTree).path).toBe(home);
    expect(resolve({ home: '/srv/p/.agents/identity' }, protocolTree).path).toContain('.agents');
    expect(resolve({ home: '/srv/p/identity2' }, protocolTree).path).toBe('/srv/p/identity2');
  });

  it('resolves links once, and sees protected places behind them', () => {
    const fs = createMemoryFileSystem({ ...seed, '/srv/real': null });
    fs.raw.symlinkSync('/srv/real', '/srv/link');
    fs.raw.symlinkSync('/home/ann', '/srv/to-ann');
    fs.raw.symlinkSync('/nowhere', '/srv/dangling');
    const environment = environmentOf();
    expect(resolveHome({ fs, environment, home: '/srv/link/new/home' }).path).toBe(
      '/srv/real/new/home',
    );
    expect(() => resolveHome({ fs, environment, home: '/srv/to-ann' })).toThrow(
      expect.objectContaining({ code: 'E_TARGET_PROTECTED' }),
    );
    expect(() => resolveHome({ fs, environment, home: '/srv/dangling' })).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
  });

  it('does not follow a link that a repository brings along out of it', () => {
    const fs = createMemoryFileSystem({ ...seed, '/home/ann/.ssh': null });
    fs.raw.mkdirSync('/home/ann/code/project/.agents');
    fs.raw.symlinkSync('/home/ann/.ssh', '/home/ann/code/project/.agents/identity');
    expect(() => resolveHome({ fs, environment: environmentOf() })).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
  });

  it.each([
    ['of another user', '/srv/h', 4242, 'E_HOME_FOREIGN'],
    ['inside the directory of another user', '/srv/h/new', 4242, 'E_HOME_FOREIGN'],
    ['that is mine', '/srv/h', 1000, undefined],
    ['of root', '/srv/h', 0, 'E_HOME_FOREIGN'],
    ['below a directory of root', '/srv/h/new', 0, undefined],
  ])('asks who owns a home: %s', (_name, home, owner, code) => {
    const fs = createMemoryFileSystem({ ...seed, '/srv/h': null });
    fs.raw.chownSync('/srv/h', owner, 0);
    const attempt = () => resolveHome({ fs, environment: environmentOf({ uid: 1000 }), home });
    if (code === undefined) expect(attempt().path).toBe(home);
    else expect(attempt).toThrow(expect.objectContaining({ code }));
  });

  it('does not look into what belongs to another user', () => {
    const fs = createMemoryFileSystem({ ...seed, '/srv/h': null });
    fs.raw.chownSync('/srv/h', 4242, 0);
    const closed = {
      ...fs,
      stat: refusing(
        (path) => path.startsWith('/srv/h/'),
        (path) => fs.stat(path),
      ),
    };
    const environment = environmentOf({ uid: 1000 });
    expect(() => resolveHome({ fs: closed, environment, home: '/srv/h' })).toThrow(
      expect.objectContaining({ code: 'E_HOME_FOREIGN' }),
    );
  });

  it('refuses a place that may not be looked at', () => {
    const fs = createMemoryFileSystem(seed);
    const closed = {
      ...fs,
      stat: refusing(
        (path) => path.startsWith('/srv/h'),
        (path) => fs.stat(path),
      ),
    };
    expect(() => resolveHome({ fs: closed, environment: environmentOf(), home: '/srv/h' })).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
  });
});

/** `stat` that the system forbids for some paths. */
function refusing<T>(forbidden: (path: string) => boolean, stat: (path: string) => T) {
  return (path: string): T => {
    if (forbidden(path)) throw systemError('EACCES', 'permission denied', 'lstat', path);
    return stat(path);
  };
}
