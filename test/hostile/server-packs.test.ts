import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
  openScene,
  soundPack,
  type HostileScene,
  type Refusal,
} from '../support/hostile-scene.ts';
import {
  advertisement,
  packHeader,
  packOf,
  sealed,
  smartServer,
} from '../support/hostile-server.ts';
import { jsonOf } from '../support/program.ts';
import { runStartingGit } from '../support/run-in-process.ts';
import { suiteOfServers } from '../support/server-scene.ts';

const servers = suiteOfServers();
const { directory, run, sendsPack, refuses } = servers;

describe('a pack that is', () => {
  const damaged: Refusal = { code: 'E_SOURCE_UNREACHABLE', names: 'damaged or incomplete' };
  const whole = (): Buffer => packOf(servers.scene.repository, servers.offered.objects);
  const changed = (change: (pack: Buffer) => Buffer): Answer => sendsPack(() => change(whole()));

  test('as it should be is installed, so that the others are refused for their fault', async () => {
    const address = await serve(changed((pack) => pack));
    const ran = await run(address, '--plan', '--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(jsonOf(ran)).toMatchObject({ release: { tag: servers.offered.tag } });
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
    const { git } = servers.scene.repository;
    const blob = git('rev-parse', `${servers.offered.commit}:identity/packs/helper/new.md`);
    const rest = servers.offered.objects.filter((oid) => oid !== blob);
    await refuses(
      sendsPack(() => packOf(servers.scene.repository, rest)),
      damaged,
    );
  });

  test('without a directory that its tree names is refused', async () => {
    const { git } = servers.scene.repository;
    const tree = git('rev-parse', `${servers.offered.commit}:identity/packs`);
    const rest = servers.offered.objects.filter((oid) => oid !== tree);
    await refuses(
      sendsPack(() => packOf(servers.scene.repository, rest)),
      damaged,
    );
  });

  test('of another commit than the announced one is refused', async () => {
    const { repository } = servers.scene;
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
    const { repository } = servers.scene;
    repository.git('update-server-info');
    const files: Answer = (request, response) => {
      const path = join(directory, new URL(request.url ?? '/', 'http://x').pathname);
      if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    };
    await refuses(files, { code: 'E_SOURCE_UNREACHABLE', names: 'smart' }, '--replace', '--backup');
  });

  test('of objects of another hash is refused', async () => {
    const refs = [[`refs/tags/${servers.offered.tag}`, 'a'.repeat(64)]] as const;
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
        void response.end(
          advertisement([[`refs/tags/${servers.offered.tag}`, servers.offered.commit]], 'agent=x'),
        ),
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
    const all = advertisement(names.map((name) => [name, servers.offered.commit] as const));
    const answer = smartServer(
      (_request, response) => void response.end(all),
      () => undefined,
    );
    await refuses(answer, { code: 'E_TAG_NOT_FOUND' });
  });
});
