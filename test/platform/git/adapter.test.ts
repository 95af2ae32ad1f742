import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InstallError } from '../../../src/core/errors.ts';
import type { Environment } from '../../../src/platform/environment.ts';
import { createGit } from '../../../src/platform/git/adapter.ts';
import { BatchParser } from '../../../src/platform/git/cat-file.ts';
import type { Git, ObjectPart, ProcessMark } from '../../../src/platform/git.ts';
import { birthOf } from '../../../src/platform/process-mark.ts';
import { serve, serveRepositories } from '../../support/git-server.ts';
import { testEnvironment } from '../../support/release-context.ts';
import { makeRepository, openRepository } from '../../support/repository.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

function gitIn(overrides: Partial<Environment> = {}): Git {
  return createGit(testEnvironment(overrides));
}

async function refusal(work: Promise<unknown>): Promise<InstallError> {
  try {
    await work;
  } catch (error) {
    return error as InstallError;
  }
  throw new Error('nothing was thrown');
}

/** A `git` that writes down what it is given, instead of the real one. */
function fakeGit(script: string): { variables: Record<string, string>; log: string } {
  const directory = temporaryDirectory();
  const log = join(directory, 'log');
  writeFileSync(join(directory, 'git'), `#!/bin/sh\nexport LOG=${log}\n${script}\n`);
  chmodSync(join(directory, 'git'), 0o755);
  return { variables: { PATH: `${directory}:/usr/bin:/bin`, HOME: directory }, log };
}

const local = (address: string) => ({ address, reach: 'local' }) as const;
const web = (address: string) => ({ address, reach: 'network', allowHttp: true }) as const;

describe('the environment of git', () => {
  it('has none of the variables that steer it, and none that prompt', async () => {
    const { variables, log } = fakeGit('env > "$LOG"');
    const git = gitIn({
      variables: {
        ...variables,
        GIT_DIR: '/victim',
        GIT_CONFIG_COUNT: '1',
        GIT_SSH_COMMAND: 'evil',
        GIT_EXTERNAL_DIFF: 'evil',
        SSH_ASKPASS: 'evil',
        GIT_SSL_CAINFO: '/ca.pem',
        https_proxy: 'http://proxy:1',
      },
    });
    await git.remoteRefs(local('/x'), 'tags');
    const seen = new Map(
      readFileSync(log, 'utf8')
        .split('\n')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    for (const name of ['GIT_CONFIG_COUNT', 'GIT_EXTERNAL_DIFF', 'SSH_ASKPASS']) {
      expect(seen.has(name)).toBe(false);
    }
    expect(Object.fromEntries(seen)).toMatchObject({
      GIT_DIR: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      GIT_ALLOW_PROTOCOL: 'file',
      GIT_SSH_COMMAND: 'ssh -oBatchMode',
      GIT_SSL_CAINFO: '/ca.pem',
      https_proxy: 'http://proxy:1',
    });
  });

  it('carries over proxy, certificates, credential helpers and rewriting to the network only', async () => {
    const home = temporaryDirectory({
      '.gitconfig': [
        '[http]\n\tproxy = http://proxy:1\n\tsslVerify = false\n\tsslCAInfo = /ca.pem',
        '[credential]\n\thelper = ""\n\thelper = store',
        '[credential "https://example.org"]\n\thelper = !token',
        '[core]\n\tsshCommand = evil\n\thooksPath = /evil',
        '[url "https://mirror.invalid/"]\n\tinsteadOf = https://example.org/',
        '',
      ].join('\n'),
    });
    const script = 'case "$*" in *--get-regexp*) exec /usr/bin/git "$@";; esac; env > "$LOG"';
    const { variables, log } = fakeGit(script);
    const git = gitIn({ variables: { ...variables, HOME: home } });
    const settings = (): string[] => {
      const found = Object.fromEntries(
        readFileSync(log, 'utf8')
          .split('\n')
          .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
      );
      return Array.from(
        { length: Number(found['GIT_CONFIG_COUNT'] ?? 0) },
        (_, i) => `${found[`GIT_CONFIG_KEY_${i}`] ?? ''}=${found[`GIT_CONFIG_VALUE_${i}`] ?? ''}`,
      );
    };
    await git.remoteRefs(web('https://example.org/x'), 'tags');
    expect(settings()).toEqual([
      'http.proxy=http://proxy:1',
      'http.sslcainfo=/ca.pem',
      'credential.helper=',
      'credential.helper=store',
      'credential.https://example.org.helper=!token',
      'url.https://mirror.invalid/.insteadof=https://example.org/',
    ]);
    await git.remoteRefs(local('/x'), 'tags');
    expect(settings()).toEqual([]);
  });

  it('needs no home: whoever has none has no settings', async () => {
    const source = makeRepository({ 'v1.0.0': { a: 'x' } });
    const address = await serveRepositories(join(source.path, '..'));
    const git = gitIn({ variables: { PATH: process.env['PATH'] } });
    const refs = await git.remoteRefs(web(`${address}/source.git`), 'tags');
    expect(refs.map(({ name }) => name)).toEqual(['refs/tags/v1.0.0']);
  });

  it('lets a repository run none of its hooks and settings', async () => {
    const source = makeRepository({ 'v1.0.0': { a: 'x' } });
    const marker = join(temporaryDirectory(), 'ran');
    source.git('config', 'uploadpack.packObjectsHook', `touch ${marker};`);
    source.git('config', 'core.fsmonitor', `touch ${marker};`);
    const git = gitIn();
    const store = join(temporaryDirectory(), 'store.git');
    await git.createStore(store);
    const hook = `#!/bin/sh\ntouch ${marker}\n`;
    mkdirSync(join(store, 'hooks'));
    for (const name of ['reference-transaction', 'post-fetch', 'pre-auto-gc']) {
      writeFileSync(join(store, 'hooks', name), hook, { mode: 0o755 });
    }
    const refspecs = ['+refs/tags/v1.0.0:refs/x'];
    await git.fetch(store, local(source.path), { refspecs });
    const [ref] = await git.refs(store, 'refs/x');
    await git.updateRefs(store, new Map([['refs/y', ref?.oid ?? '']]));
    expect((await git.refs(store, 'refs/')).map(({ name }) => name)).toEqual(['refs/x', 'refs/y']);
    expect(() => readFileSync(marker)).toThrow('ENOENT');
  });

  it('obeys no repository around the working directory', async () => {
    const around = temporaryDirectory();
    const marker = join(temporaryDirectory(), 'ran');
    const inside = openRepository(join(around, '.git'));
    inside.git('init', '--quiet');
    inside.git('config', 'credential.helper', `!touch ${marker};`);
    const before = process.cwd();
    process.chdir(around);
    try {
      const address = await serve((_request, response) => {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      });
      await refusal(gitIn().remoteRefs(web(`${address}/x.git`), 'tags'));
    } finally {
      process.chdir(before);
    }
    expect(() => readFileSync(marker)).toThrow('ENOENT');
  });

  it.each(['ext::sh -c "touch /tmp/never"', 'git://127.0.0.1/x', 'file:///x', '/x'])(
    'allows %s to no network operation',
    async (address) => {
      const error = await refusal(gitIn().remoteRefs({ address, reach: 'network' }, 'tags'));
      expect(error.code).toBe('E_SOURCE_FORBIDDEN');
    },
  );

  it('takes an address that looks like an option for an address', async () => {
    const marker = join(temporaryDirectory(), 'ran');
    const error = await refusal(
      gitIn().remoteRefs(local(`--upload-pack=touch ${marker};`), 'tags'),
    );
    expect(error.code).toBe('E_SOURCE_UNREACHABLE');
    expect(() => readFileSync(marker)).toThrow('ENOENT');
  });
});

describe('git itself', () => {
  it.each(['spawn', 'simple-git'])('missing is E_GIT_MISSING (%s)', async (way) => {
    const git = gitIn({ variables: { PATH: '/nonexistent' } });
    const store = join(temporaryDirectory(), 'store.git');
    const work = way === 'spawn' ? git.refs(store, 'refs/') : git.createStore(store);
    expect(await refusal(work)).toMatchObject({ code: 'E_GIT_MISSING', exitCode: 5 });
  });

  it('too old is E_GIT_MISSING', async () => {
    const { variables } = fakeGit('echo "error: unknown option \\`end-of-options\'" >&2; exit 129');
    const error = await refusal(gitIn({ variables }).remoteRefs(local('/x'), 'tags'));
    expect([error.code, error.message]).toEqual([
      'E_GIT_MISSING',
      expect.stringContaining('too old'),
    ]);
  });
});

describe('servers that misbehave', () => {
  const asking = (address: string, idleMs = 600_000) =>
    refusal(gitIn().remoteRefs(web(`${address}/x.git`), 'tags', { idleMs }));

  it('silence ends after the time allowed', async () => {
    const error = await asking(await serve(() => undefined), 300);
    expect(error).toMatchObject({ code: 'E_SOURCE_UNREACHABLE', details: { reason: 'stalled' } });
  });

  it('401 asks no one and ends at once', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    expect((await asking(address)).details['reason']).toBe('authentication');
  });

  it('a page of HTML is not accepted as a repository', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>\nNot here\n</html>\n');
    });
    expect((await asking(address)).details['reason']).toBe('not-a-repository');
  });

  it('refs without end are cut off by their size', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.write('001e# service=git-upload-pack\n0000');
      endlessRefs(response);
    });
    expect((await asking(address)).details['reason']).toBe('too-much');
  });

  it('silence ends git by its own means too, should nobody be there any more to end it', async () => {
    const script = 'case "$*" in *--get-regexp*) exit 1;; esac; echo "$*" > "$LOG"';
    const { variables, log } = fakeGit(script);
    await gitIn({ variables }).remoteRefs(web('http://127.0.0.1/x'), 'tags', { idleMs: 7_000 });
    const said = readFileSync(log, 'utf8');
    expect(said).toContain('-c http.lowSpeedLimit=1 -c http.lowSpeedTime=12 ls-remote');
  });

  it('output without end is cut off by its size', async () => {
    const { variables } = fakeGit('exec yes');
    const error = await refusal(gitIn({ variables }).remoteRefs(local('/x'), 'tags'));
    expect(error).toMatchObject({ code: 'E_SOURCE_UNREACHABLE', details: { reason: 'too-much' } });
  });

  it('a repository on this machine may have a hundred thousand annotated tags', async () => {
    const source = makeRepository({}, temporaryDirectory());
    const commit = source.commit({ a: 'x' });
    source.annotate('v1.0.0', commit);
    const tag = source.git('rev-parse', 'v1.0.0');
    const names = Array.from({ length: 100_000 }, (_, index) => `refs/tags/v1.0.${index}`).sort();
    const packed = names.map((name) => `${tag} ${name}\n^${commit}\n`).join('');
    const header = '# pack-refs with: peeled fully-peeled sorted \n';
    writeFileSync(join(source.path, 'packed-refs'), header + packed);
    const refs = await gitIn().remoteRefs(local(source.path), 'tags');
    expect(refs).toHaveLength(100_000);
  });

  it('objects that are missing leave no ref behind', async () => {
    const source = makeRepository({ 'v1.0.0': { a: 'x' } });
    const blob = source.git('rev-parse', 'v1.0.0:a');
    const git = gitIn();
    const store = join(temporaryDirectory(), 'store.git');
    await git.createStore(store);
    rmSync(join(source.path, 'objects', blob.slice(0, 2), blob.slice(2)));
    const refspecs = ['+refs/tags/v1.0.0:refs/x'];
    const error = await refusal(git.fetch(store, local(source.path), { refspecs }));
    expect(error.code).toBe('E_SOURCE_DAMAGED');
    expect(await git.refs(store, 'refs/')).toEqual([]);
  });
});

function endlessRefs(response: ServerResponse): void {
  let count = 0;
  const more = (): void => {
    for (;;) {
      let block = '';
      for (let line = 0; line < 5_000; line += 1) {
        const text = `${(count += 1).toString(16).padStart(40, '0')} refs/tags/t${count}\n`;
        block += (text.length + 4).toString(16).padStart(4, '0') + text;
      }
      if (response.destroyed) return;
      if (!response.write(block)) break;
    }
    response.once('drain', more);
  };
  more();
}

describe('an interruption', () => {
  it('ends git and everything that it started', async () => {
    const abort = new AbortController();
    // Git and its transport are running when the server is asked.
    const address = await serve(() => abort.abort());
    const marks: ProcessMark[] = [];
    const asking = gitIn().remoteRefs(web(`${address}/x.git`), 'tags', {
      signal: abort.signal,
      onSpawn: (mark) => {
        marks.push(mark);
      },
    });
    expect((await refusal(asking)).code).toBe('E_INTERRUPTED');
    expect(marks).toHaveLength(1);
    expect(marks[0]!.birth).toBeDefined();
    expect(birthOf(marks[0]!.pid)).toBeUndefined();
  });

  it('before the start starts nothing', async () => {
    const git = gitIn({ variables: { PATH: '/nonexistent' } });
    const error = await refusal(
      git.remoteRefs(local('/x'), 'tags', { signal: AbortSignal.abort() }),
    );
    expect(error.code).toBe('E_INTERRUPTED');
  });
});

describe('refs', () => {
  it('are written all or none, and removed', async () => {
    const source = makeRepository({ 'v1.0.0': { a: 'x' } });
    const git = gitIn();
    const oid = source.git('rev-parse', 'v1.0.0^{commit}');
    await git.updateRefs(source.path, new Map([['refs/x', oid]]));
    const broken = git.updateRefs(
      source.path,
      new Map([
        ['refs/y', oid],
        ['refs/z', 'f'.repeat(40)],
      ]),
    );
    expect((await refusal(broken)).code).toBe('E_IO');
    expect((await git.refs(source.path, 'refs/y')).length).toBe(0);
    await git.updateRefs(source.path, new Map([['refs/x', null]]));
    expect((await git.refs(source.path, 'refs/x')).length).toBe(0);
  });
});

describe('the parser of cat-file', () => {
  const oid = 'a'.repeat(40);
  const stream = Buffer.from(
    `${oid} blob 4\na\nb\n\nx y missing\n${oid} blob 0\n\n${oid} tree 1\nz\n`,
  );

  it.each([1, 2, 3, 7, 1000])('gives the same parts for chunks of %i bytes', (size) => {
    const parser = new BatchParser();
    const parts: ObjectPart[] = [];
    for (let at = 0; at < stream.length; at += size) {
      parts.push(...parser.push(stream.subarray(at, at + size)));
    }
    const text = parts.map((part) => {
      if (part.kind === 'header') return `<${part.type} ${part.size}>`;
      return part.kind === 'data' ? part.bytes.toString() : `<${part.kind}>`;
    });
    expect(text.join('')).toBe('<blob 4>a\nb\n<end><missing><blob 0><end><tree 1>z<end>');
  });

  it.each([`${oid} blob 1\nxy\n`, 'nonsense\n', 'x'.repeat(100_000)])('refuses %#', (text) => {
    expect(() => new BatchParser().push(Buffer.from(text))).toThrow('git cat-file');
  });
});
