import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { serveRepositories } from '../support/git-server.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { soundPack } from '../support/hostile-scene.ts';
import { runIn, startIn, type Program } from '../support/program.ts';
import { makeRepository, type RepositoryFile, type TestRepository } from '../support/repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { canTrace, openTracer } from '../support/tracer.ts';

/** Files that some program would run, obey or install if it came upon them. */
function baits(mark: string): Record<string, RepositoryFile> {
  const command = `touch '${mark}'`;
  const script = { content: `#!/bin/sh\n${command}\n`, executable: true } as const;
  const scripts = [
    'git',
    'git-upload-pack',
    'git-lfs',
    'sync',
    'node',
    'npm',
    'sh',
    'ps',
    'run.sh',
    'install.sh',
    'postinstall',
    'configure',
    'gradlew',
    'hooks/post-checkout',
    'hooks/post-merge',
    'hooks/reference-transaction',
    '.husky/post-checkout',
    '.githooks/post-checkout',
  ];
  return {
    ...Object.fromEntries(scripts.map((name) => [name, script])),
    '.gitattributes': '* filter=bait diff=bait merge=bait working-tree-encoding=UTF-16 ident\n',
    '.gitconfig': [
      `[filter "bait"]\n clean = ${command}\n smudge = ${command}\n process = ${command}`,
      `[core]\n fsmonitor = ${command}\n sshCommand = ${command}\n hooksPath = hooks\n`,
      `[alias]\n fetch = !${command}\n[include]\n path = ../.gitconfig\n`,
    ].join('\n'),
    'package.json': JSON.stringify({
      name: 'bait',
      type: 'commonjs',
      scripts: { preinstall: command, install: command, postinstall: command, prepare: command },
    }),
    '.npmrc': `node-options=--require ./index.js\nscript-shell=./run.sh\n`,
    'index.js': `require('fs').writeFileSync(${JSON.stringify(mark)}, 'ran')\n`,
    '.envrc': `${command}\n`,
    '.bashrc': `${command}\n`,
    '.profile': `${command}\n`,
    Makefile: `all:\n\t${command}\n`,
    'setup.py': `open(${JSON.stringify(mark)}, 'w')\n`,
    '.pre-commit-config.yaml': 'repos: []\n',
    '.vscode/tasks.json': `{"tasks": [{"command": "${command}", "runOptions": {"runOn": "folderOpen"}}]}`,
  };
}

interface Trapped {
  readonly directory: string;
  readonly home: string;
  readonly instance: string;
  readonly repository: TestRepository;
  readonly mark: string;
}

/** A repository with two releases full of baits, and of a submodule that leads elsewhere. */
function openTrapped(): Trapped {
  const directory = temporaryDirectory();
  const mark = join(directory, 'mark');
  const repository = makeRepository({}, directory);
  for (const version of ['1', '2']) {
    const pack = { ...soundPack, ...baits(mark), 'IDENTITY_PROMPT.md': `prompt ${version}\n` };
    const submodule = '[submodule "sub"]\n path = sub\n url = https://127.0.0.1:9/evil.git\n';
    const plain = repository.commit({ ...helperRelease(pack), '.gitmodules': submodule });
    const root = ['.gitmodules', 'identity'].map((name) => ({
      mode: name === 'identity' ? '40000' : '100644',
      name,
      oid: repository.git('rev-parse', `${plain}:${name}`),
    }));
    const tree = repository.rawTree([...root, { mode: '160000', name: 'sub', oid: plain }]);
    repository.annotate(`v${version}.0.0`, repository.commitTree(tree));
  }
  const home = join(directory, 'home');
  mkdirSync(join(directory, 'person'));
  return { directory, home, instance: join(home, 'instances', 'helper'), repository, mark };
}

/** Every command that works on a pack, the later ones from inside the instance. */
function lifeOf({ directory, home, instance }: Trapped, from: string) {
  const person = join(directory, 'person');
  const at = ['--home', home];
  return [
    [person, 'identity-install', ['--from', from, '--release', 'v1.0.0', ...at]],
    [instance, 'identity-install', ['helper', '--from', from, '--diff', '--plan', ...at]],
    [
      instance,
      'identity-install',
      ['helper', '--from', from, '--replace', '--backup', '--diff', ...at],
    ],
    [instance, 'identity', ['verify', ...at]],
    [instance, 'identity-rollback', ['last', ...at]],
    [person, 'identity', ['history', ...at]],
  ] as const satisfies readonly (readonly [string, Program, readonly string[]])[];
}

const reason = canTrace ? '' : ' (skipped: strace is not there, or may not trace)';
const gitPrograms = execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim();

/** git and its own programs, `sync`, and the shell in which git starts its own upload-pack. */
function isExpected([program = '', ...args]: readonly string[], from: string): boolean {
  if (program.startsWith(`${gitPrograms}/git`)) return true;
  if (basename(program) === 'git' || /^git-(upload-pack|remote-https?)$/.test(program)) return true;
  if (program === 'sync') return args[0] === '-f';
  return /(^|\/)sh$/.test(program) && args[0] === '-c' && args[1] === `git-upload-pack '${from}'`;
}

describe('nothing from a pack runs', () => {
  test.skipIf(!canTrace)(
    `in an install, a plan, a replace, a check and an undo, only git and sync are started${reason}`,
    () => {
      const trapped = openTrapped();
      const from = trapped.repository.path;
      const names = new Set<string>();
      for (const [directory, program, args] of lifeOf(trapped, from)) {
        const { under, read } = openTracer(trapped.directory);
        expect(runIn({ directory, under }, program, ...args)).toMatchObject({ status: 0 });
        const [self, ...started] = read().started;
        expect(self?.[0]).toBe(process.execPath);
        expect(started.filter((item) => !isExpected(item, from))).toEqual([]);
        for (const [name = ''] of started) names.add(basename(name));
      }
      expect(names).toContain('git');
      expect(existsSync(trapped.mark)).toBe(false);
    },
  );

  test('nor is any program of another name called by it, on a search path full of traps', () => {
    const trapped = openTrapped();
    const path = join(trapped.directory, 'path');
    const log = join(trapped.directory, 'log');
    mkdirSync(path);
    const place = (name: string, script: string): void => {
      writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(path, name), 0o755);
    };
    for (const name of ['git', 'sync']) {
      const real = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
      place(name, `echo ${name} >> '${log}'\nexec '${real}' "$@"`);
    }
    const traps = [
      'bash',
      'sh',
      'node',
      'npm',
      'npx',
      'yarn',
      'pnpm',
      'python',
      'python3',
      'pip',
      'make',
      'curl',
      'wget',
      'ssh',
      'scp',
      'rsync',
      'tar',
      'gzip',
      'unzip',
      'direnv',
      'git-lfs',
      'gpg',
      'less',
      'vi',
      'xdg-open',
      'open',
      'env',
      'perl',
      'touch',
    ];
    for (const name of traps) place(name, `echo ${name} >> '${log}'\nexit 1`);
    for (const [directory, program, args] of lifeOf(trapped, trapped.repository.path)) {
      const ran = runIn({ directory, variables: { PATH: path } }, program, ...args);
      expect(ran).toMatchObject({ status: 0 });
    }
    const called = new Set(readFileSync(log, 'utf8').trim().split('\n'));
    expect([...called].filter((name) => name !== 'git' && name !== 'sync')).toEqual([]);
    expect(called).toContain('git');
    expect(existsSync(trapped.mark)).toBe(false);
  });
});

describe('nothing leaves the machine', () => {
  test.skipIf(!canTrace)(
    `from a source on it, no address of the internet is connected or sent to${reason}`,
    () => {
      const trapped = openTrapped();
      for (const [directory, program, args] of lifeOf(trapped, trapped.repository.path)) {
        const { under, read } = openTracer(trapped.directory);
        expect(runIn({ directory, under }, program, ...args)).toMatchObject({ status: 0 });
        expect(read().started.length).toBeGreaterThan(0);
        expect(read().reached).toEqual([]);
      }
    },
  );

  test.skipIf(!canTrace)(
    `from a server, that server alone is connected to, and by commands that need it${reason}`,
    async () => {
      const trapped = openTrapped();
      const address = await serveRepositories(trapped.directory);
      const from = `${address}/source.git`;
      const { host } = new URL(address);
      for (const [directory, program, args] of lifeOf(trapped, from)) {
        const { under, read } = openTracer(trapped.directory);
        const allowed = program === 'identity-install' ? [...args, '--allow-http'] : args;
        expect(await startIn({ directory, under }, program, ...allowed)).toMatchObject({
          status: 0,
        });
        const { reached, started } = read();
        expect([...new Set(reached)]).toEqual(program === 'identity-install' ? [host] : []);
        expect(started.slice(1).filter((item) => !isExpected(item, from))).toEqual([]);
      }
      expect(existsSync(trapped.mark)).toBe(false);
    },
  );

  test('the programs themselves open no socket and ask for no name', () => {
    const trapped = openTrapped();
    const used = join(trapped.directory, 'used');
    const guard = join(trapped.directory, 'guard.mjs');
    writeFileSync(
      guard,
      [
        `import { appendFileSync } from 'node:fs';`,
        `import dgram from 'node:dgram'; import dns from 'node:dns'; import http from 'node:http';`,
        `import https from 'node:https'; import net from 'node:net';`,
        `import { syncBuiltinESMExports } from 'node:module';`,
        `const caught = (what) => () => {`,
        `  appendFileSync(${JSON.stringify(used)}, what + '\\n'); throw new Error(what); };`,
        `net.Socket.prototype.connect = caught('connect');`,
        `dgram.createSocket = caught('dgram'); dns.lookup = caught('lookup');`,
        `dns.promises.lookup = caught('lookup'); dns.resolve = caught('resolve');`,
        `http.request = caught('http'); https.request = caught('https');`,
        `globalThis.fetch = caught('fetch'); syncBuiltinESMExports();`,
        `appendFileSync(${JSON.stringify(`${used}.loaded`)}, 'yes\\n');`,
      ].join('\n'),
    );
    const variables = { NODE_OPTIONS: `--import=${pathToFileURL(guard).href}` };
    const life = lifeOf(trapped, trapped.repository.path);
    for (const [directory, program, args] of life) {
      expect(runIn({ directory, variables }, program, ...args)).toMatchObject({ status: 0 });
    }
    expect(existsSync(used)).toBe(false);
    const loaded = readFileSync(`${used}.loaded`, 'utf8').trim().split('\n');
    expect(loaded.length).toBeGreaterThanOrEqual(life.length);
  });
});
