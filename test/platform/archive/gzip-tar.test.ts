import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ArchiveError } from '../../../src/platform/archive.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { directoryMember, fileMember, packed, unpacked } from '../../support/tar-fixtures.ts';

const long = `${'deep/'.repeat(60)}${'long-name-'.repeat(12)}.md`;
const longUnicode = `${'größe/'.repeat(60)}${'名前'.repeat(30)}.md`;

const members = [
  directoryMember('empty directory', 0o700),
  directoryMember('d'),
  fileMember('d/private', 'secret', 0o600),
  fileMember('d/open', 'for all', 0o666),
  fileMember('d/run.sh', '#!/bin/sh\n', 0o755),
  fileMember('empty', ''),
  fileMember('with spaces and ünïcode 名前.md', 'text'),
  fileMember('line\nfeed', 'a name'),
  fileMember(long, 'deep'),
  fileMember(longUnicode, 'tief'),
  fileMember('exactly a block', 'x'.repeat(512)),
  fileMember('large', 'abcdefg'.repeat(100_000)),
];

/** What a member must come back as. */
const expected = members.map(({ path, kind, mode, size, modifiedSeconds, content }) => ({
  path,
  kind,
  mode,
  size,
  modifiedSeconds,
  text: kind === 'directory' ? '' : Buffer.from(content() as Uint8Array).toString('utf8'),
}));

test.each([1, 511, 4096, 2 ** 20])('what was packed comes back, in pieces of %i', async (size) => {
  expect(await unpacked(await packed(members), { pieceBytes: size })).toEqual(expected);
});

test('an archive without members is legal', async () => {
  expect(await unpacked(await packed([]))).toEqual([]);
});

test('equal members give equal bytes', async () => {
  expect(await packed(members)).toEqual(await packed(members));
});

test('the tar program restores it with -p', async () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'a.tar.gz'), await packed(members));
  execFileSync('tar', ['-xpzf', 'a.tar.gz'], { cwd: root });
  for (const member of expected) {
    const path = join(root, member.path);
    expect([member.path, lstatSync(path).mode & 0o7777]).toEqual([member.path, member.mode]);
    if (member.kind === 'file') expect(readFileSync(path, 'utf8')).toBe(member.text);
    else expect(lstatSync(path).isDirectory()).toBe(true);
  }
  expect(readdirSync(join(root, 'empty directory'))).toEqual([]);
});

test('what the tar program packs from a directory can be read', async () => {
  const root = temporaryDirectory({
    'd/f': 'one',
    [`d/${long}`]: 'two',
    [`d/${longUnicode}`]: 'drei',
  });
  for (const format of ['gnu', 'posix']) {
    execFileSync('tar', ['-czf', 'a.tar.gz', `--format=${format}`, '-C', 'd', '.'], { cwd: root });
    const found = await unpacked(readFileSync(join(root, 'a.tar.gz')), { pieceBytes: 97 });
    const files = found.filter(({ kind }) => kind === 'file').map(({ path, text }) => [path, text]);
    expect(new Map(files as [string, string][])).toEqual(
      new Map([
        ['f', 'one'],
        [long, 'two'],
        [longUnicode, 'drei'],
      ]),
    );
  }
});

test('what a code host packs from a tag can be read', async () => {
  const root = temporaryDirectory({ 'pack/a.md': 'one', [`pack/${longUnicode}`]: 'zwei' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message=one');
  git('archive', '--format=tar.gz', '--prefix=repo-1.0.0/', '--output=a.tar.gz', 'HEAD');
  const found = await unpacked(readFileSync(join(root, 'a.tar.gz')));
  expect(found.filter(({ kind }) => kind === 'file').map(({ path, text }) => [path, text])).toEqual(
    [
      ['repo-1.0.0/pack/a.md', 'one'],
      [`repo-1.0.0/pack/${longUnicode}`, 'zwei'],
    ],
  );
});

test.each([
  ['longer than listed', ['12345', '6']],
  ['shorter than listed', ['1234']],
  ['nothing', []],
])('content that is %s is not packed', async (_what, parts) => {
  const member = {
    ...fileMember('f', '12345'),
    content: () => parts.map((part) => Buffer.from(part)),
  };
  await expect(packed([member])).rejects.toMatchObject({ name: 'ArchiveError', reason: 'damaged' });
});

test.each(['../f', '/f', 'a/./b', 'a//b', 'a\\b', 'a/', '', '.', 'a\0b'])(
  'the path %j is not packed',
  async (path) => {
    await expect(packed([fileMember(path, 'x')])).rejects.toMatchObject({ reason: 'entry' });
  },
);

test('content may come in chunks that its source reuses', async () => {
  const buffer = Buffer.alloc(3);
  function* content(): Generator<Uint8Array> {
    for (const part of ['one', 'two', 'six']) {
      buffer.write(part);
      yield buffer;
    }
  }
  const archive = await packed([{ ...fileMember('f', 'onetwosix'), content }]);
  expect((await unpacked(archive))[0]?.text).toBe('onetwosix');
});

test('a source that fails ends packing with its own error', async () => {
  const failure = new Error('EIO');
  function* content(): Generator<Uint8Array> {
    yield Buffer.from('one');
    throw failure;
  }
  await expect(packed([{ ...fileMember('f', 'onetwo'), content }])).rejects.toBe(failure);
  expect(failure).not.toBeInstanceOf(ArchiveError);
});
