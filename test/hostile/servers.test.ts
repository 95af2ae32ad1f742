import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { errorCodes } from '../../src/core/error-codes.ts';
import { install } from '../../src/operations/install/install.ts';
import type { ReleaseContext } from '../../src/release/context.ts';
import {
  honestAnswer,
  serve,
  serveRepositories,
  type Answer,
  type HonestAnswer,
} from '../support/git-server.ts';
import { flipped } from '../support/flipped.ts';
import { helperRelease } from '../support/helper-pack.ts';
import {
  expectRefused,
  filesHolding,
  homeState,
  makeScene,
  openScene,
  soundPack,
  type HostileScene,
  type Refusal,
} from '../support/hostile-scene.ts';
import {
  advertisement,
  begin,
  endless,
  flush,
  hugeBlob,
  leftovers,
  moreRefs,
  offerRelease,
  packet,
  packHeader,
  packOf,
  packPreamble,
  sealed,
  sendsRelease,
  service,
  smartServer,
  versionTwo,
  type OfferedRelease,
} from '../support/hostile-server.ts';
import { jsonOf, type Ran } from '../support/program.ts';
import { runStartingGit } from '../support/run-in-process.ts';
import { suiteDirectory } from '../support/temporary-directory.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';
import { hintOf } from '../support/hint-of.ts';

const directory = suiteDirectory();
let scene: HostileScene;
/** A release that the hostile servers announce, and its objects. */
let offered: OfferedRelease;
let releases = 0;

beforeAll(async () => {
  scene = await makeScene(directory, runStartingGit);
});

/** Each test its own, so that no object of it is in the store already. */
beforeEach(({ task }) => {
  offered = offerRelease(scene.repository, { ...soundPack, 'new.md': `${task.id}\n` });
});

function run(address: string, ...args: string[]): Promise<Ran> {
  const from = ['--from', `${address}/source.git`, '--allow-http', '--home', scene.home];
  const person = { directory: join(directory, 'person') };
  return runStartingGit(person, 'identity-install', 'helper', ...from, ...args);
}

function announced(): Buffer {
  return advertisement([[`refs/tags/${offered.tag}`, offered.commit]]);
}

const sends = (pack: Answer, capabilities?: string): Answer =>
  sendsRelease(() => offered, pack, capabilities);

function sendsPack(make: () => Buffer): Answer {
  return sends((_request, response) => {
    response.end(Buffer.concat([packPreamble(offered.commit), make()]));
  });
}

function storeRefs(): string {
  return scene.repository.git(
    `--git-dir=${join(scene.state, 'releases.git')}`,
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/sources/',
    'refs/pins/',
  );
}

/** The next run, from a source that is sound, fetches a new release. */
async function expectHonestInstall(): Promise<void> {
  const { repository, run: runOn } = scene;
  releases += 1;
  repository.annotate(`v1.${releases}.0`, repository.git('rev-parse', 'v1.0.0^{commit}'));
  const ran = await runOn('identity-install', 'helper', '--from', repository.path, '--json');
  expect(ran).toMatchObject({ status: 0 });
  expect(jsonOf(ran)).toMatchObject({ release: { tag: `v1.${releases}.0` } });
}

/** Refused with nothing changed and nothing left behind, and the next honest install works. */
async function refuses(answer: Answer, refusal: Refusal, ...args: string[]): Promise<Ran> {
  const address = await serve(answer);
  const refs = storeRefs();
  const ran = await expectRefused(() => run(address, ...args), refusal, [scene.home]);
  expect(storeRefs()).toBe(refs);
  expect(leftovers(scene.state)).toEqual([]);
  expect(readFileSync(join(scene.state, 'releases.pid'), 'utf8')).toBe('');
  await expectHonestInstall();
  return ran;
}

/** The same within this process, with bounds that a test can reach; in a home of its own. */
async function refusedWithin(
  answer: Answer,
  bounds: Pick<ReleaseContext, 'idleMs' | 'fetchBytes'>,
): Promise<InstallError> {
  const { context, home } = openWorkshop();
  const address = await serve(answer);
  const from = `${address}/source.git`;
  const given = { ids: ['helper'], allowHttp: true };
  let error: unknown;
  try {
    await install({ ...context, ...bounds }, requestOf({ ...given, from }));
  } catch (caught) {
    error = caught;
  }
  if (!(error instanceof InstallError)) throw new Error('it was not refused', { cause: error });
  expect(error.exitCode).toBe(errorCodes[error.code].exit);
  expect(hintOf(error)).toMatch(/\S/);
  // Nothing but the directory of the state, for locks and the cache.
  expect(
    Object.keys(homeState(home)).filter((path) => !/^(\.|\.identity-install)$/.test(path)),
  ).toEqual([]);
  expect(leftovers(join(home, '.identity-install'))).toEqual([]);
  const honest = requestOf({ ...given, from: scene.repository.path, release: 'v1.0.0' });
  expect((await install(context, honest)).identities).toHaveLength(1);
  return error;
}

describe('a server that stalls is given up after the idle time', () => {
  const stalled = { code: 'E_SOURCE_UNREACHABLE', details: { reason: 'stalled' } };
  const short = { idleMs: 600 };

  test('before it says anything', async () => {
    expect(await refusedWithin(() => undefined, short)).toMatchObject(stalled);
  });

  test('in its headers', async () => {
    const answer: Answer = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/x-git-up');
    };
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in its list of refs', async () => {
    const half = announced().subarray(0, 60);
    const answer = smartServer(
      (_request, response) => void response.write(half),
      () => undefined,
    );
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in its list of refs, with a byte now and then', async () => {
    const answer = smartServer(
      async (_request, response) => {
        for (const byte of announced()) {
          if (response.destroyed) return;
          response.write(Buffer.of(byte));
          await sleep(100);
        }
      },
      () => undefined,
    );
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in its list of refs of protocol version 2', async () => {
    const answer = smartServer(
      (_request, response) => void response.end(versionTwo),
      (_request, response) => void response.write(moreRefs(1)),
    );
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test.each<[string, Answer]>([
    ['before it says anything', () => undefined],
    [
      'in the middle of its pack',
      sends((_request, response) => {
        response.write(Buffer.concat([packPreamble(offered.commit), packHeader(7)]));
      }),
    ],
  ])('%s, with the time that --timeout gives', async (_where, answer) => {
    const refusal = { code: 'E_SOURCE_UNREACHABLE', names: ['1 s', '127.0.0.1'] } as const;
    await refuses(answer, refusal, '--timeout', '1');
  });

  test('before its pack', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(offered.commit));
    });
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in the middle of its pack', async () => {
    const answer = sends((_request, response) => {
      const pack = packOf(scene.repository, offered.objects);
      response.write(Buffer.concat([packPreamble(offered.commit), pack.subarray(0, 200)]));
    });
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });
});

describe('a server that sends without end is cut off', () => {
  const tooMuch: Refusal = { code: 'E_SOURCE_UNREACHABLE', names: 'announced more' };

  test('by the size of its refs', async () => {
    const answer = smartServer(
      (_request, response) => {
        response.write(announced().subarray(0, -4));
        endless(response, moreRefs);
      },
      () => undefined,
    );
    await refuses(answer, tooMuch);
  });

  test('by the size of its refs, in protocol version 2', async () => {
    const answer = smartServer(
      (_request, response) => void response.end(versionTwo),
      (_request, response) => endless(response, moreRefs),
    );
    await refuses(answer, tooMuch);
  });

  test('by the size of its capabilities', async () => {
    const answer = smartServer(
      (_request, response) => {
        response.write(versionTwo.subarray(0, -4));
        endless(response, (count) => packet(`${'x'.repeat(60_000)}${count}\n`));
      },
      () => undefined,
    );
    await refuses(answer, tooMuch);
  });

  test('by the size of refs that were packed to a thousandth', async () => {
    const answer: Answer = (_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/x-git-upload-pack-advertisement',
        'content-encoding': 'gzip',
      });
      const bomb = Buffer.concat([announced().subarray(0, -4), Buffer.alloc(1 << 28, packet('x'))]);
      response.end(gzipSync(bomb));
    };
    await refuses(answer, tooMuch);
  });

  test('by the size of its pack', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(offered.commit));
      response.write(packHeader(1));
      response.write(hugeBlob.start);
      endless(response, () => hugeBlob.piece);
    });
    const error = await refusedWithin(answer, { fetchBytes: 8 * 1024 * 1024 });
    expect(error).toMatchObject({ code: 'E_PACK_LIMIT', details: { reason: 'too-much' } });
    expect(error.message).toContain('8388608');
  });

  test('by the size of its pack, as the limits given to the program say', async () => {
    const answer = sends((_request, response) => {
      response.write(Buffer.concat([packPreamble(offered.commit), packHeader(1), hugeBlob.start]));
      endless(response, () => hugeBlob.piece);
    });
    const refusal = { code: 'E_PACK_LIMIT', names: ['67108864', '--max-total-bytes'] } as const;
    await refuses(answer, refusal, '--max-total-bytes', '1000000');
  });

  test('by what it says while it sends no pack', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(offered.commit));
      endless(response, (count) => packet(`\u0002still at it ${count} ${'.'.repeat(900)}\n`));
    }, 'shallow side-band-64k');
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE', names: 'sends messages without end' });
  });

  test('by the number of objects that its pack claims', async () => {
    const answer = sendsPack(() => packHeader(0xffff_ffff));
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
  });

  test('by the size of one header, and by the number of headers', async () => {
    const long: Answer = ({ socket }) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
      socket.write('x'.repeat(64 * 1024 * 1024));
    };
    await refuses(long, { code: 'E_SOURCE_UNREACHABLE' });
    const many: Answer = ({ socket }) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      socket.write(`X-Many: ${'x'.repeat(1000)}\r\n`.repeat(64 * 1024));
    };
    await refuses(many, { code: 'E_SOURCE_UNREACHABLE' });
  });
});

describe('a server that answers with', () => {
  test.each([
    [401, 'credentials'],
    [403, 'credentials'],
    [404, 'git ls-remote'],
    [410, 'git ls-remote'],
    [500, 'git ls-remote'],
    [503, 'git ls-remote'],
  ])('status %i is refused at once, and nobody is asked for anything', async (status, names) => {
    let asked = 0;
    const answer: Answer = (_request, response) => {
      asked += 1;
      response.writeHead(status, { 'www-authenticate': 'Basic realm="x"' }).end('no');
    };
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE', names });
    expect(asked).toBe(1);
  });

  test.each([
    ['a page of HTML', 'text/html', '<html>\n<h1>Sign in</h1>\n</html>\n'],
    ['a page of HTML that says it is refs', undefined, '<html>\nSign in\n</html>\n'],
    ['nothing', undefined, ''],
    ['packet lines that lie about their length', undefined, '001e# service=git-upload-pack\nffff'],
    ['packet lines that have no length', undefined, '001e# service=git-upload-pack\n0000zzzz'],
  ])('%s is refused', async (_what, type, body) => {
    const answer: Answer = (request, response) => {
      if (type === undefined) begin(request, response).end(body);
      else response.writeHead(200, { 'content-type': type }).end(body);
    };
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE', names: '127.0.0.1' });
  });

  test.each([
    ['nothing', 'text/plain', ''],
    ['JSON', 'application/json', '{"ok": true}'],
  ])('%s, as a server does that only has files, has no release', async (_what, type, body) => {
    const answer: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(body);
    };
    await refuses(answer, { code: 'E_TAG_NOT_FOUND', names: 'no tags at all' });
  });

  test('an error of git’s protocol has it shown, escaped', async () => {
    const answer = smartServer(
      (_request, response) =>
        void response.end(Buffer.concat([service, packet('ERR go \u001b[2Jaway\u202e')])),
      () => undefined,
    );
    const { stderr } = await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
    expect(stderr).toContain('away\\u{202e}');
  });

  test('terminal escapes besides its pack, and an error there, has them escaped', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(offered.commit));
      response.write(packet('\u0002\u001b]0;title\u0007hello\u001b[2J\n'));
      response.end(Buffer.concat([packet('\u0003fatal: \u001b[31mboom\u202e'), flush]));
    }, 'shallow side-band-64k');
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' }, '--verbose');
  });
});

describe('a redirection', () => {
  const to = (location: (path: string) => string): Answer => {
    return (request, response) => {
      response.writeHead(302, { location: location(request.url ?? '') }).end();
    };
  };

  test('to another host is refused, and nothing of its answer is used', async () => {
    const asked: string[] = [];
    const root = join(directory);
    const other = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`);
      void honestAnswer(root, request).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await refuses(
      to((path) => `http://localhost:${port}${path}`),
      { code: 'E_SOURCE_FORBIDDEN', names: ['localhost', '--from'] },
    );
    expect(asked.slice(0, 1)).toEqual(['GET ']);
  });

  test.each([
    ['a file', 'file:///etc/passwd'],
    ['a git remote helper', 'ext::sh -c touch% x'],
    ['git’s own transport', 'git://127.0.0.1/source.git/info/refs'],
    ['another protocol', 'ftp://127.0.0.1/source.git/info/refs'],
    ['a host with a terminal escape in it', 'ext://a%1b[31m/'],
  ])('to %s is refused', async (_what, location) => {
    await refuses(
      to(() => location),
      { code: 'E_SOURCE_FORBIDDEN' },
    );
  });

  test('to itself, for ever, is refused', async () => {
    await refuses(
      to((path) => path),
      { code: 'E_SOURCE_UNREACHABLE', names: 'redirects' },
    );
  });

  test('on the same host is followed', async () => {
    const address = await serve(async (request, response) => {
      const url = request.url ?? '';
      if (!url.startsWith('/moved')) {
        response.writeHead(301, { location: `/moved${url}` }).end();
        return;
      }
      request.url = url.slice('/moved'.length);
      const { status, headers, body } = await honestAnswer(directory, request);
      response.writeHead(status, headers).end(body);
    });
    expect(await run(address, '--release', 'v1.0.0', '--allow-downgrade')).toMatchObject({
      status: 0,
    });
  });
});

test('credentials that the user’s own git configuration adds are in nothing that an install writes', async () => {
  const own = await openScene(runStartingGit);
  own.repository.annotate('v2.0.0', own.repository.git('rev-parse', 'v1.0.0^{commit}'));
  const seen: string[] = [];
  const address = await serve(async (request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return;
    }
    seen.push(authorization);
    const { status, headers, body } = await honestAnswer(own.directory, request);
    response.writeHead(status, headers).end(body);
  });
  const person = join(own.directory, 'person');
  const secret = address.replace('//', '//ann:hunter2@');
  const config = join(person, '.gitconfig');
  writeFileSync(config, `[url "${secret}/"]\n insteadOf = ${address}/\n`);
  const from = ['--from', `${address}/source.git`, '--allow-http', '--home', own.home];
  for (const more of [['--replace', '--backup', '--verbose'], ['--json']]) {
    const ran = await runStartingGit(
      { directory: person },
      'identity-install',
      'helper',
      ...from,
      ...more,
    );
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  }
  expect(seen.length).toBeGreaterThan(0);
  expect(filesHolding(own.directory, 'hunter2')).toEqual([config]);
});

describe('a pack that is', () => {
  const damaged: Refusal = { code: 'E_SOURCE_UNREACHABLE', names: 'damaged or incomplete' };
  const whole = (): Buffer => packOf(scene.repository, offered.objects);
  const changed = (change: (pack: Buffer) => Buffer): Answer => sendsPack(() => change(whole()));

  test('as it should be is installed, so that the others are refused for their fault', async () => {
    const address = await serve(changed((pack) => pack));
    const ran = await run(address, '--plan', '--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(jsonOf(ran)).toMatchObject({ release: { tag: offered.tag } });
  });

  test.each<[string, (pack: Buffer) => Buffer]>([
    ['cut short', (pack) => pack.subarray(0, pack.length - 40)],
    ['cut off in its header', (pack) => pack.subarray(0, 6)],
    ['without its checksum', (pack) => pack.subarray(0, pack.length - 20)],
    ['damaged', (pack) => flipped(pack, 60)],
    ['damaged in its checksum', (pack) => flipped(pack, pack.length - 1)],
    ['empty', () => sealed(packHeader(0))],
    ['not there', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('hello')],
    [
      'of an unknown version',
      (pack) =>
        sealed(Buffer.concat([Buffer.from('PACK\0\0\0\x63', 'latin1'), pack.subarray(8, -20)])),
    ],
    [
      'of fewer objects than it says',
      (pack) => sealed(Buffer.concat([packHeader(500), pack.subarray(12, -20)])),
    ],
  ])('%s is refused, and nothing of it is used', async (_what, change) => {
    await refuses(changed(change), { code: 'E_SOURCE_UNREACHABLE' });
  });

  test('without a file that its tree names is refused', async () => {
    const { git } = scene.repository;
    const blob = git('rev-parse', `${offered.commit}:identity/packs/helper/new.md`);
    const rest = offered.objects.filter((oid) => oid !== blob);
    await refuses(
      sendsPack(() => packOf(scene.repository, rest)),
      damaged,
    );
  });

  test('without a directory that its tree names is refused', async () => {
    const { git } = scene.repository;
    const tree = git('rev-parse', `${offered.commit}:identity/packs`);
    const rest = offered.objects.filter((oid) => oid !== tree);
    await refuses(
      sendsPack(() => packOf(scene.repository, rest)),
      damaged,
    );
  });

  test('of another commit than the announced one is refused', async () => {
    const { repository } = scene;
    const other = repository.commit(helperRelease({ ...soundPack, 'new.md': 'other\n' }));
    const objects = repository.git('rev-list', '--objects', '--no-object-names', other).split('\n');
    await refuses(
      sendsPack(() => packOf(repository, objects)),
      damaged,
    );
  });
});

describe('a server that changes its mind', () => {
  /** A repository of its own that changes when the nth request comes. */
  async function serveChanging(
    at: (url: string, count: number) => boolean,
    change: (git: HostileScene['repository']) => void,
  ) {
    const own = await openScene(runStartingGit);
    own.repository.annotate(
      'v2.0.0',
      own.repository.commit(helperRelease({ ...soundPack, 'a.md': 'a' })),
    );
    let count = 0;
    let done = false;
    const address = await serveRepositories(own.directory, (url) => {
      count += 1;
      if (done || !at(url, count)) return;
      done = true;
      change(own.repository);
    });
    const from = ['--from', `${address}/source.git`, '--allow-http', '--home', own.home];
    const person = { directory: join(own.directory, 'person') };
    const start = (...args: string[]) =>
      runStartingGit(person, 'identity-install', 'helper', ...from, ...args);
    return { ...own, start, changed: () => done };
  }
  const announcements = (url: string): boolean => url.includes('/info/refs');

  test('and moves the tag between list and fetch: what was fetched is one release, whole', async () => {
    let moved = '';
    let seen = 0;
    const { start, changed, instance } = await serveChanging(
      (url) => announcements(url) && (seen += 1) === 2,
      (repository) => {
        moved = repository.commit(helperRelease({ ...soundPack, 'a.md': 'moved' }));
        repository.annotate('v2.0.0', moved);
      },
    );
    const ran = await start('--json');
    expect(changed()).toBe(true);
    expect(ran).toMatchObject({ status: 0 });
    expect(jsonOf(ran)).toMatchObject({ release: { tag: 'v2.0.0', commit: moved } });
    expect(readFileSync(join(instance, 'a.md'), 'utf8')).toBe('moved');
  });

  test('and takes the tag away between list and fetch', async () => {
    let seen = 0;
    const { start, home } = await serveChanging(
      (url) => announcements(url) && (seen += 1) === 2,
      (repository) => repository.git('update-ref', '-d', 'refs/tags/v2.0.0'),
    );
    await expectRefused(() => start(), { code: 'E_TAG_NOT_FOUND', names: 'disappeared' }, [home]);
  });

  test('and moves the tag between plan and apply', async () => {
    const own = await serveChanging(
      () => false,
      () => undefined,
    );
    const plan = await own.start('--plan', '--json');
    const [digest = ''] = /(?<="digest": ?")[0-9a-f]{64}/.exec(plan.stdout) ?? [];
    expect(digest).toHaveLength(64);
    own.repository.annotate(
      'v2.0.0',
      own.repository.commit(helperRelease({ ...soundPack, 'a.md': 'moved' })),
    );
    const refusal = { code: 'E_TAG_MOVED', names: '--accept-moved-tag' } as const;
    await expectRefused(() => own.start('--plan-digest', digest), refusal, [own.home]);
    const accepted = () => own.start('--plan-digest', digest, '--accept-moved-tag');
    await expectRefused(accepted, { code: 'E_PLAN_CHANGED' }, [own.home]);
  });
});

describe('a server that speaks', () => {
  const speaking = (protocol: string | undefined, change = (answer: HonestAnswer) => answer) =>
    serve(async (request, response) => {
      const { status, headers, body } = change(await honestAnswer(directory, request, protocol));
      response.writeHead(status, headers).end(body);
    });

  test.each([
    ['0', ''],
    ['1', 'version=1'],
    ['2', 'version=2'],
    ['an unknown one', 'version=77'],
  ])('protocol version %s is understood', async (_version, protocol) => {
    const address = await speaking(protocol);
    const ran = await run(address, '--release', 'v1.0.0', '--allow-downgrade', '--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(jsonOf(ran)).toMatchObject({ release: { tag: 'v1.0.0' } });
  });

  test('no smart protocol at all is refused, and what it says is told', async () => {
    const { repository } = scene;
    repository.git('update-server-info');
    const files: Answer = (request, response) => {
      const path = join(directory, new URL(request.url ?? '/', 'http://x').pathname);
      if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    };
    await refuses(files, { code: 'E_SOURCE_UNREACHABLE', names: 'smart' }, '--replace', '--backup');
  });

  test('of objects of another hash is refused', async () => {
    const refs = [[`refs/tags/${offered.tag}`, 'a'.repeat(64)]] as const;
    const sha256 = advertisement(refs, 'shallow object-format=sha256');
    const answer = smartServer(
      (_request, response) => void response.end(sha256),
      () => undefined,
    );
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
  });

  test('of no shallow history is refused or served, and then whole', async () => {
    const answer = smartServer(
      (_request, response) =>
        void response.end(advertisement([[`refs/tags/${offered.tag}`, offered.commit]], 'agent=x')),
      () => undefined,
    );
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
  });

  test('of refs with hostile names has none of them used', async () => {
    const names = [
      'refs/tags/../../victim',
      'refs/tags/v9.0.0;id',
      'refs/tags/-v9',
      '--upload-pack=x',
      'HEAD',
      'refs/heads/v9.0.0',
      'refs/tags/v9\u001b[2J',
    ];
    const all = advertisement(names.map((name) => [name, offered.commit] as const));
    const answer = smartServer(
      (_request, response) => void response.end(all),
      () => undefined,
    );
    await refuses(answer, { code: 'E_TAG_NOT_FOUND' });
  });
});
