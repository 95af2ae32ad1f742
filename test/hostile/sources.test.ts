import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/error-codes.ts';
import { flipped } from '../support/flipped.ts';
import {
  expectRefused,
  filesHolding,
  openScene,
  soundPack,
  suiteScene,
} from '../support/hostile-scene.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { jsonOf } from '../support/program.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const scene = suiteScene();

function refuses(source: string, code: ErrorCode, names: string | readonly string[] = []) {
  return expectRefused(() => scene.run('identity-install', `--from=${source}`), { code, names }, [
    scene.home,
  ]);
}

describe('a source string', () => {
  it.each<[string, ErrorCode]>([
    ['--upload-pack=touch x', 'E_SOURCE_FORBIDDEN'],
    ['-utouch', 'E_SOURCE_FORBIDDEN'],
    ['ext::sh -c touch% x', 'E_SOURCE_FORBIDDEN'],
    ['EXT::sh -c id', 'E_SOURCE_FORBIDDEN'],
    ['fd::17', 'E_SOURCE_FORBIDDEN'],
    ['git://example.org/acme/packs', 'E_SOURCE_FORBIDDEN'],
    ['--exec=touch x', 'E_SOURCE_FORBIDDEN'],
    ['--', 'E_SOURCE_FORBIDDEN'],
    ['-', 'E_SOURCE_FORBIDDEN'],
    ['eXt::sh -c id', 'E_SOURCE_FORBIDDEN'],
    ['Fd::17', 'E_SOURCE_FORBIDDEN'],
    ['::https://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https::https://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['GIT://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['Http://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['SSH://-oProxyCommand=touch/x', 'E_SOURCE_FORBIDDEN'],
    ['git+ssh://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['javascript://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['ssh://git@[-oProxyCommand=x]/packs', 'E_SOURCE_INVALID'],
    ['git@[-oProxyCommand=touch]:packs', 'E_SOURCE_INVALID'],
    ['-git@example.org:packs', 'E_SOURCE_FORBIDDEN'],
    ['ssh://-git@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['ssh://$(id)@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['ssh://example.org/../packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org:a/%2E%2E/packs', 'E_SOURCE_FORBIDDEN'],
    ['file:///a/%2e%2e/etc', 'E_SOURCE_FORBIDDEN'],
    ['file:///etc/pa%00cks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa%0d%0acks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/%252e%252e/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/a\\..\\b', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\rcks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\u2066cks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\u{e0041}cks', 'E_SOURCE_FORBIDDEN'],
    ['https://ex\u0430mple.org/packs', 'E_SOURCE_INVALID'],
    ['https://-example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://exam$(id)ple.org/packs', 'E_SOURCE_INVALID'],
    ['https:///packs', 'E_SOURCE_INVALID'],
    ['https://example.org:99999999/packs', 'E_SOURCE_INVALID'],
    ['https://[::1/packs', 'E_SOURCE_INVALID'],
    ['acme/$(id)', 'E_SOURCE_INVALID'],
    ['http://example.org/acme/packs', 'E_SOURCE_FORBIDDEN'],
    ['HtTpS://example.org/acme/packs', 'E_SOURCE_FORBIDDEN'],
    ['FILE:///etc', 'E_SOURCE_FORBIDDEN'],
    ['file://example.org/etc', 'E_SOURCE_FORBIDDEN'],
    ['ftp://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['ssh://-oProxyCommand=touch/x', 'E_SOURCE_FORBIDDEN'],
    ['ssh://git@-oProxyCommand=touch/x', 'E_SOURCE_FORBIDDEN'],
    ['-oProxyCommand=touch:packs', 'E_SOURCE_FORBIDDEN'],
    ['git@-oProxyCommand=touch:packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org:-packs', 'E_SOURCE_FORBIDDEN'],
    ['git@ext::https://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org::packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org:../packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs\r\n', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\ncks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\u001b[2Jcks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\u202ecks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa\u200bcks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa%0acks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/pa%00cks', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/%2e%2e/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/a%2F..%2Fb', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/a/../b', 'E_SOURCE_FORBIDDEN'],
    ['https:example.org/packs', 'E_SOURCE_INVALID'],
    ['https://example.org', 'E_SOURCE_INVALID'],
    ['https://example.org/packs?x=y', 'E_SOURCE_INVALID'],
    ['https://example.org/packs.tar.gz', 'E_SOURCE_INVALID'],
    ['https://exa mple.org/packs', 'E_SOURCE_INVALID'],
    ['/no/such/place', 'E_SOURCE_INVALID'],
    ['./no-such-place', 'E_SOURCE_INVALID'],
    ['no-such-word', 'E_SOURCE_INVALID'],
    ['~nobody/packs', 'E_SOURCE_INVALID'],
    ['/dev/null', 'E_SOURCE_NOT_PROTOCOL'],
    ['x'.repeat(5000), 'E_SOURCE_INVALID'],
  ])('%j is refused: %s', async (source, code) => {
    await refuses(source, code);
  });
});

it.each([
  ['NUL', '/etc\u0000/packs'],
  ['a line feed', 'https://example.org/packs\n--upload-pack=x'],
  ['an escape', 'https://example.org/\u001b[2J'],
])('a source from the configuration of the home with %s in it is refused', async (_what, from) => {
  const own = await openScene();
  mkdirSync(join(own.home, 'config'), { recursive: true });
  writeFileSync(join(own.home, 'config', 'identity-install.json'), JSON.stringify({ from }));
  const act = () => own.run('identity-install');
  await expectRefused(act, { code: 'E_SOURCE_FORBIDDEN' }, [own.home]);
});

it('a path with the characters of a shell in it is a path, and nothing else', async () => {
  const place = temporaryDirectory();
  const mark = join(place, 'mark');
  const name = `it's "$(touch mark)" \`touch mark\`; touch mark #&|>mark`;
  const parent = join(place, name);
  mkdirSync(parent);
  const { path } = makeRepository({ 'v1.0.0': helperRelease(soundPack) }, parent);
  const person = { directory: place };
  const ran = await runInProcess(
    person,
    'identity-install',
    '--from',
    path,
    '--home',
    join(place, 'home'),
  );
  expect(ran).toMatchObject({ status: 0 });
  expect(existsSync(mark)).toBe(false);
});

describe('credentials in an address', () => {
  it.each<[string, ErrorCode]>([
    ['https://ann:hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['HTTPS://ann:hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://ann:x@hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://ann:x/hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://ann:1/hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ["https://ann:it's hunter2@example.org/packs", 'E_SOURCE_FORBIDDEN'],
    ['https://ann:x?hunter2#@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://ann:hunter2\u001b@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['http://ann:hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['git://ann:hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https:ann:hunter2@example.org/packs', 'E_SOURCE_INVALID'],
    ['ssh://git:hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['git:hunter2@example.org:packs', 'E_SOURCE_INVALID'],
    ['deploy:hunter2@example.org:packs', 'E_SOURCE_FORBIDDEN'],
    ['deploy:hunter2@example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs?access_token=hunter2', 'E_SOURCE_INVALID'],
    ['https://example.org/packs?private-token=x&key=hunter2', 'E_SOURCE_INVALID'],
    ['https://example.org/packs#hunter2@', 'E_SOURCE_INVALID'],
    ['//ann:hunter2@example.org/packs', 'E_SOURCE_INVALID'],
  ])('%s is refused, and shown nowhere', async (source, code) => {
    const { stdout, stderr } = await refuses(source, code);
    const asJson = await scene.run('identity-install', `--from=${source}`, '--json', '--verbose');
    expect(jsonOf(asJson)).toMatchObject({ code });
    expect(stdout + stderr + asJson.stdout + asJson.stderr).not.toContain('hunter2');
    expect(filesHolding(scene.directory, 'hunter2')).toEqual([]);
  });

  it.each<[string, ErrorCode, string[]]>([
    ['as an id', 'E_ID_INVALID', ['https://ann:hunter2@example.org/packs']],
    ['given twice', 'E_USAGE', ['--from', 'https://ann:hunter2@example.org/p', '--from', 'x']],
    [
      'with --replace alone',
      'E_REPLACE_NEEDS_BACKUP',
      ['--replace', '--from', 'https://ann:x@hunter2@example.org/p'],
    ],
    ['as a selector', 'E_TAG_INVALID', ['--release', 'https://ann:hunter2@example.org/p']],
    ['as a plan digest', 'E_USAGE', ['--plan-digest', 'https://ann:hunter2@example.org/p']],
  ])('%s are refused (%s) and shown nowhere', async (_where, code, args) => {
    for (const more of [[], ['--verbose']]) {
      const act = () => scene.run('identity-install', ...args, ...more);
      expect((await expectRefused(act, { code }, [scene.home])).stderr).not.toContain('hunter2');
    }
    const asJson = await scene.run('identity-install', ...args, '--json');
    expect(jsonOf(asJson)).toMatchObject({ code });
    expect(asJson.stdout + asJson.stderr).not.toContain('hunter2');
    expect(filesHolding(scene.directory, 'hunter2')).toEqual([]);
  });

  it.each(['config', 'pin'])('in a %s are refused, and copied nowhere', async (where) => {
    const own = await openScene();
    const place =
      where === 'config' ? join(own.home, 'config') : join(own.directory, 'person', 'identity');
    mkdirSync(place, { recursive: true });
    const address = 'https://ann:hunter2@example.org/packs';
    const file = join(place, where === 'config' ? 'identity-install.json' : 'PROTOCOL_PIN.yaml');
    writeFileSync(
      file,
      where === 'config'
        ? JSON.stringify({ from: address })
        : `protocol_repo: ${address}\npinned_tag: v1.0.0\npinned_commit: ${'a'.repeat(40)}\n`,
    );
    const act = () => own.run('identity-install', '--verbose');
    const ran = await expectRefused(act, { code: 'E_SOURCE_FORBIDDEN' }, [own.home]);
    expect(ran.stderr).not.toContain('hunter2');
    expect(filesHolding(own.directory, 'hunter2')).toEqual([file]);
  });
});

it('a glob of --keep with control characters is refused, and shown escaped', async () => {
  const keep = () => scene.run('identity-install', '--keep', 'a\u001b[2Jb/../c');
  await expectRefused(keep, { code: 'E_USAGE', names: '\\u{1b}' }, [scene.home]);
});

describe('a place on this machine', () => {
  it('that belongs to another user is refused', { skip: process.getuid?.() !== 0 }, async () => {
    const { path } = makeRepository({ 'v1.0.0': { x: 'x' } });
    chownSync(path, 12345, 12345);
    await refuses(path, 'E_SOURCE_FOREIGN', ['12345', 'bundle']);
  });

  it('that is neither a repository nor a pack is refused', async () => {
    const empty = temporaryDirectory({ 'README.md': 'x' });
    await refuses(empty, 'E_SOURCE_NOT_PROTOCOL', empty);
    await refuses(join(empty, 'README.md'), 'E_SOURCE_NOT_PROTOCOL');
  });

  it('that is a link to nothing, a loop or a FIFO is refused', async () => {
    const at = (name: string) => join(place, name);
    const place = temporaryDirectory();
    symlinkSync('nowhere', at('dangling'));
    symlinkSync('loop', at('loop'));
    execFileSync('mkfifo', [at('fifo'), at('fifo.tar.gz')]);
    await refuses(at('dangling'), 'E_SOURCE_INVALID', 'dangling');
    await refuses(at('loop'), 'E_SOURCE_INVALID', 'loop');
    await refuses(at('fifo'), 'E_SOURCE_NOT_PROTOCOL');
    await refuses(at('fifo.tar.gz'), 'E_SOURCE_NOT_PROTOCOL');
  });

  it('with control characters in its name is shown escaped', async () => {
    const place = temporaryDirectory();
    const evil = join(place, 'a\u001b]0;title\u0007b');
    mkdirSync(evil);
    await refuses(evil, 'E_SOURCE_FORBIDDEN', '\\u{1b}');
    mkdirSync(join(evil, 'inner'));
    const { home } = scene;
    const inside = () =>
      runInProcess({ directory: evil }, 'identity-install', '--from', 'inner', '--home', home);
    const names = ['inner cannot be used as a source', '\\u{1b}'];
    await expectRefused(inside, { code: 'E_SOURCE_NOT_PROTOCOL', names }, [home, place]);
  });

  it.each([
    ['not in that format', Buffer.from('hello')],
    ['cut short', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
  ])('an archive that is %s is refused', async (_what, bytes) => {
    const file = join(temporaryDirectory(), 'pack.tar.gz');
    writeFileSync(file, bytes);
    await refuses(file, 'E_SOURCE_UNREACHABLE', 'pack.tar.gz');
  });

  it.each<[string, string, (object: string) => void]>([
    ['commit that is damaged', 'v2.0.0^{commit}', (object) => writeFileSync(object, 'garbage')],
    ['tag that is damaged', 'v2.0.0', (object) => writeFileSync(object, 'garbage')],
    ['directory that is empty', 'v2.0.0:packs', (object) => writeFileSync(object, '')],
    ['directory that is gone', 'v2.0.0:packs', (object) => rmSync(object)],
    ['file that is damaged', 'v2.0.0:packs/x', (object) => writeFileSync(object, 'garbage')],
    ['file that is gone', 'v2.0.0:packs/x', (object) => rmSync(object)],
  ])(
    'a repository with a %s is named as damaged, not as out of reach',
    async (_what, name, harm) => {
      const { path, git } = looseRepository();
      const oid = git('rev-parse', name);
      const object = join(path, 'objects', oid.slice(0, 2), oid.slice(2));
      chmodSync(object, 0o644);
      harm(object);
      await refuses(path, 'E_SOURCE_DAMAGED', [path, 'does not help']);
    },
  );

  it('a repository or a bundle with a flipped byte in its pack is named as damaged', async () => {
    const { path, git } = looseRepository();
    const bundle = `${path}.bundle`;
    git('bundle', 'create', '--quiet', bundle, '--tags');
    git('repack', '-adq');
    const packs = join(path, 'objects', 'pack');
    const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '');
    for (const [source, file] of [[path, pack] as const, [bundle, bundle] as const]) {
      const bytes = readFileSync(file);
      chmodSync(file, 0o644);
      writeFileSync(file, flipped(bytes, bytes.length - 60));
      await refuses(source, 'E_SOURCE_DAMAGED', [source, 'does not help']);
    }
  });

  it('a bundle that is cut short, or holds no objects, is refused', async () => {
    const { path, git } = makeRepository({ 'v2.0.0': { x: 'x'.repeat(2000) } });
    const bundle = `${path}.bundle`;
    git('bundle', 'create', '--quiet', bundle, '--tags');
    const whole = execFileSync('cat', [bundle]);
    const header = whole.indexOf('\n\n') + 2;
    writeFileSync(bundle, whole.subarray(0, whole.length - 30));
    await refuses(bundle, 'E_SOURCE_UNREACHABLE', bundle);
    writeFileSync(bundle, whole.subarray(0, header));
    await refuses(bundle, 'E_SOURCE_UNREACHABLE', bundle);
    writeFileSync(bundle, whole.subarray(0, 20));
    await refuses(bundle, 'E_TAG_NOT_FOUND', bundle);
  });
});

/** Each object of it is a file of its own. */
function looseRepository(): TestRepository {
  const repository = makeRepository();
  const { blob, rawTree } = repository;
  const file = { mode: '100644', name: 'x', oid: blob('x'.repeat(200)) };
  const packs = { mode: '40000', name: 'packs', oid: rawTree([file]) };
  repository.annotate('v2.0.0', repository.commitTree(rawTree([packs])));
  return repository;
}
