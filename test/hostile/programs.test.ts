import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, test } from 'vitest';
import { helperRelease } from '../support/helper-pack.ts';
import { serve } from '../support/git-server.ts';
import { expectRefused, filesHolding, openScene, soundPack } from '../support/hostile-scene.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { makeRepository } from '../support/repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A program that leaves a mark when anything runs it. */
function trap(): { readonly program: string; readonly sprung: () => boolean } {
  const directory = temporaryDirectory();
  const program = join(directory, 'trap');
  writeFileSync(program, `#!/bin/sh\necho sprung >> '${directory}/mark'\nexit 1\n`);
  chmodSync(program, 0o755);
  return { program, sprung: () => existsSync(join(directory, 'mark')) };
}

const hooks = [
  'pre-auto-gc',
  'post-checkout',
  'post-merge',
  'post-upload-pack',
  'pre-receive',
  'post-index-change',
  'fsmonitor-watchman',
  'reference-transaction',
];

/** Settings that make git run a program somewhere. */
function hostileSettings(program: string): string {
  return [
    `[core]\n fsmonitor = ${program}\n sshCommand = ${program}\n pager = ${program}`,
    ` editor = ${program}\n askPass = ${program}\n gitProxy = ${program}`,
    ` alternateRefsCommand = ${program}\n hooksPath = ${dirname(program)}`,
    `[uploadpack]\n packObjectsHook = ${program}`,
    `[credential]\n helper = !${program}`,
    `[filter "trap"]\n clean = ${program}\n smudge = ${program}\n process = ${program}\n required`,
    `[diff "trap"]\n textconv = ${program}\n command = ${program}`,
    `[protocol "ext"]\n allow = always`,
    `[remote "origin"]\n url = ext::${program}\n uploadpack = ${program}\n promisor = true`,
    `[submodule "sub"]\n url = ext::${program}\n update = !${program}`,
    `[tar "tar.gz"]\n command = ${program}`,
    `[gpg]\n program = ${program}`,
    `[includeIf "gitdir:/"]\n path = ${program}.config\n`,
  ].join('\n');
}

const release = helperRelease({
  ...soundPack,
  'notes.md': '$Id$ $Format:%H$\r\nkept\n',
  'left-out.md': 'kept\n',
  '.gitattributes':
    '* filter=trap diff=trap text eol=crlf ident\nnotes.md export-subst\nleft-out.md export-ignore\n',
  'run.sh': { content: '#!/bin/sh\nexit 9\n', executable: true },
});

test.each(['bare', 'with a work tree'])(
  'a repository (%s) with settings, hooks and filters that run programs runs none',
  async (form) => {
    const { program, sprung } = trap();
    const repository = makeRepository({ 'v1.0.0': release });
    const git = form === 'bare' ? repository.path : join(dirname(repository.path), 'tree', '.git');
    if (form !== 'bare') repository.git('clone', '--quiet', repository.path, dirname(git));
    writeFileSync(join(git, 'config'), hostileSettings(program), { flag: 'a' });
    writeFileSync(`${program}.config`, `[core]\n fsmonitor = ${program}\n`);
    mkdirSync(join(git, 'hooks'), { recursive: true });
    for (const name of hooks) {
      writeFileSync(join(git, 'hooks', name), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    }
    const person = temporaryDirectory({ '.gitattributes': '* filter=trap\n' });
    const home = join(person, 'home');
    const from = form === 'bare' ? git : dirname(git);
    const install = (...args: string[]) =>
      runInProcess({ directory: person }, 'identity-install', '--home', home, ...args);
    expect(await install('--from', from)).toMatchObject({ status: 0 });
    expect(await install('helper', '--replace', '--backup', '--diff')).toMatchObject({ status: 0 });
    expect(
      (await runInProcess({ directory: from }, 'identity', 'verify', '--home', home)).status,
    ).toBe(0);
    const instance = join(home, 'instances', 'helper');
    expect(readFileSync(join(instance, 'notes.md'), 'utf8')).toBe('$Id$ $Format:%H$\r\nkept\n');
    expect(readFileSync(join(instance, 'left-out.md'), 'utf8')).toBe('kept\n');
    expect(sprung()).toBe(false);
  },
);

it('a working directory that looks like a repository is not obeyed', async () => {
  const { program, sprung } = trap();
  const scene = await openScene();
  const directory = makeRepository({ 'v1.0.0': release }).path;
  writeFileSync(join(directory, 'config'), hostileSettings(program), { flag: 'a' });
  const args = ['helper', '--home', scene.home, '--replace', '--backup'];
  expect((await runInProcess({ directory }, 'identity-install', ...args)).status).toBe(0);
  expect(sprung()).toBe(false);
});

it('variables that steer git from around are not obeyed', async () => {
  const { program, sprung } = trap();
  const scene = await openScene();
  const config = join(scene.directory, 'gitconfig');
  writeFileSync(config, hostileSettings(program));
  const variables = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: program,
    GIT_CONFIG_SYSTEM: config,
    GIT_SSH_COMMAND: program,
    GIT_ASKPASS: program,
    SSH_ASKPASS: program,
    GIT_EXTERNAL_DIFF: program,
    GIT_PROXY_COMMAND: program,
    GIT_EXEC_PATH: dirname(program),
    GIT_DIR: scene.repository.path,
    GIT_OBJECT_DIRECTORY: '/nonexistent',
    GIT_EDITOR: program,
    PAGER: program,
  };
  const person = { directory: scene.directory, variables };
  const args = ['helper', '--home', scene.home, '--from', scene.repository.path];
  expect(await runInProcess(person, 'identity-install', ...args)).toMatchObject({ status: 0 });
  expect(sprung()).toBe(false);
});

it('a release store that came with somebody else’s settings is not used', async () => {
  const { program, sprung } = trap();
  const { state, home, run, repository } = await openScene();
  repository.annotate('v2.0.0', repository.commit(release));
  const store = join(state, 'releases.git');
  const settings = `[remote "${repository.path}"]\n uploadpack = ${program}\n`;
  writeFileSync(join(store, 'config'), hostileSettings(program) + settings, { flag: 'a' });
  const refusal = { code: 'E_HOME_UNSAFE', names: store } as const;
  await expectRefused(() => run('identity-install', 'helper'), refusal, [home]);
  expect(sprung()).toBe(false);
});

it('credentials that the user’s own git configuration adds to an address are told nobody', async () => {
  const seen: string[] = [];
  const address = await serve((request, response) => {
    seen.push(request.headers.authorization ?? '');
    response.statusCode = seen.length % 2 === 0 ? 403 : 401;
    response.setHeader('WWW-Authenticate', 'Basic realm="x"');
    response.end();
  });
  const scene = await openScene();
  const person = join(scene.directory, 'person');
  const secret = address.replace('//', '//ann:hunter2@');
  writeFileSync(join(person, '.gitconfig'), `[url "${secret}/"]\n insteadOf = ${address}/\n`);
  const args = ['--from', `${address}/packs.git`, '--allow-http', '--home', scene.home];
  for (const more of [[], ['--json', '--verbose']]) {
    const ran = await runInProcess({ directory: person }, 'identity-install', ...args, ...more);
    expect([ran.status, ran.stderr]).toEqual([5, expect.stringContaining('E_SOURCE_UNREACHABLE')]);
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  }
  expect(seen.some((header) => header.startsWith('Basic '))).toBe(true);
  expect(filesHolding(scene.home, 'hunter2')).toEqual([]);
});
