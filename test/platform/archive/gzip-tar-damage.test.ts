import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ArchiveError } from '../../../src/platform/archive.ts';
import { createGzipTarArchive } from '../../../src/platform/archive/gzip-tar.ts';
import {
  endOfArchive,
  fileMember,
  gzipped,
  packed,
  rawMember,
  rawPax,
  roomy,
  unpacked,
} from '../../support/tar-fixtures.ts';

const good = rawMember({ path: 'good' }, 'content');

/** One bit changed. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function withSize(member: Buffer, octal: string): Buffer {
  return withField(member, 124, Buffer.from(`${octal.padStart(11, '0')} `));
}

/** A member with a header field overwritten, and the checksum right again. */
function withField(member: Buffer, at: number, value: Buffer): Buffer {
  const copy = Buffer.from(member);
  value.copy(copy, at);
  copy.fill(' ', 148, 156);
  const sum = copy.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  return copy;
}

test('the raw fixtures are archives', async () => {
  const archive = gzipped(
    rawPax({ comment: 'tag' }, true),
    rawPax({ path: 'ü' }),
    good,
    endOfArchive,
  );
  expect(await unpacked(archive)).toMatchObject([{ path: 'ü', text: 'content', mode: 0o644 }]);
});

test('every cut is damage', async () => {
  const archive = await packed([fileMember('a', 'one'), fileMember('b', 'two'.repeat(500))]);
  for (let length = 0; length < archive.byteLength; length += 1) {
    const cut = unpacked(archive.subarray(0, length));
    await expect(cut, `at ${length}`).rejects.toMatchObject({ reason: 'damaged' });
  }
});

test('every flipped bit is damage, or changes nothing that is handed out', async () => {
  const archive = await packed([fileMember('a', 'one'), fileMember('b', 'two')]);
  const whole = await unpacked(archive);
  let damaged = 0;
  for (let at = 0; at < archive.byteLength; at += 1) {
    const outcome = await unpacked(flipped(archive, at)).catch((error: unknown) => error);
    if (outcome instanceof ArchiveError) damaged += 1;
    // Some fields of the gzip header are under no checksum, and a run of zeros has many spellings.
    else expect(outcome, `at ${at}`).toEqual(whole);
  }
  expect(damaged / archive.byteLength).toBeGreaterThan(0.8);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<!DOCTYPE html>')],
  ['a tar that is not compressed', Buffer.concat([good, endOfArchive])],
  ['compressed text', gzipped(Buffer.from('hello'))],
  ['an empty stream', gzipped()],
  ['no end', gzipped(good)],
  ['half an end', gzipped(good, endOfArchive.subarray(512))],
  ['a member behind a zero block', gzipped(good, endOfArchive.subarray(512), good, endOfArchive)],
  ['a member behind the end', gzipped(good, endOfArchive, good)],
  ['text behind the end', gzipped(good, endOfArchive, Buffer.from('more'))],
  ['text behind the stream', Buffer.concat([gzipped(good, endOfArchive), Buffer.from('more')])],
  ['zeros behind the stream', Buffer.concat([gzipped(good, endOfArchive), Buffer.alloc(9)])],
  ['a second stream', Buffer.concat([gzipped(good, endOfArchive), gzipped(good)])],
  ['a flipped header', gzipped(flipped(good, 3), endOfArchive)],
  [
    'content of a directory',
    gzipped(withSize(rawMember({ path: 'd', type: 'Directory' }), '7'), endOfArchive),
  ],
  [
    'content of a file named as a directory',
    gzipped(rawMember({ path: 'd/' }, 'text'), endOfArchive),
  ],
  ['a link target on a file', gzipped(rawMember({ path: 'f', linkpath: 'x' }), endOfArchive)],
  ['a pax header without a member', gzipped(good, rawPax({ path: 'a' }), endOfArchive)],
  ['two pax headers', gzipped(rawPax({ path: 'a' }), rawPax({ path: 'b' }), good, endOfArchive)],
  [
    'a torn pax header',
    gzipped(rawMember({ path: 'x', type: 'ExtendedHeader' }, '99 path=a\n'), good, endOfArchive),
  ],
  [
    'a pax size',
    gzipped(rawMember({ path: 'x', type: 'ExtendedHeader' }, '11 size=-1\n'), good, endOfArchive),
  ],
])('%s is damaged', async (_what, archive) => {
  await expect(unpacked(archive)).rejects.toMatchObject({
    name: 'ArchiveError',
    reason: 'damaged',
  });
});

test.each([
  ['a symbolic link', rawMember({ path: 'l', type: 'SymbolicLink', linkpath: '/etc/passwd' })],
  ['a hard link', rawMember({ path: 'l', type: 'Link', linkpath: 'good' })],
  ['a device', rawMember({ path: 'd', type: 'CharacterDevice' })],
  ['a FIFO', rawMember({ path: 'd', type: 'FIFO' })],
  ['a duplicate', good],
  ['a duplicate by ./', rawMember({ path: './good' })],
  ['a directory over a file', rawMember({ path: 'good/', type: 'Directory' })],
  ['an absolute path', rawMember({ path: '/x' })],
  ['a parent', rawMember({ path: '../x' })],
  ['a parent inside', rawMember({ path: 'a/../x' })],
  ['a parent in a pax header', Buffer.concat([rawPax({ path: '../x' }), good])],
  ['a backslash', rawMember({ path: 'a\\b' })],
  ['a name that is not UTF-8', withField(good, 0, Buffer.from([0xff, 0x2e, 0x6d, 0x64]))],
  ['a link by a pax header', Buffer.concat([rawPax({ linkpath: 'x' }), good])],
  ['a global path', Buffer.concat([rawPax({ path: 'x' }, true), good])],
  [
    'a sparse file',
    Buffer.concat([
      rawMember({ path: 'x', type: 'ExtendedHeader' }, '22 GNU.sparse.major=1\n'),
      good,
    ]),
  ],
])('%s is refused as an entry', async (_what, member) => {
  await expect(unpacked(gzipped(good, member, endOfArchive))).rejects.toMatchObject({
    reason: 'entry',
  });
});

test.each([
  ['members', { ...roomy, members: 1 }],
  ['memberBytes', { ...roomy, memberBytes: 6 }],
  ['totalBytes', { ...roomy, totalBytes: 13 }],
])('more than %s is a limit', async (_what, limits) => {
  const archive = await packed([fileMember('a', 'content'), fileMember('b', 'content')]);
  await expect(unpacked(archive, { limits })).rejects.toMatchObject({ reason: 'limit' });
});

test('exactly the limits is allowed', async () => {
  const archive = await packed([fileMember('a', 'content'), fileMember('b', 'content')]);
  const limits = { members: 2, memberBytes: 7, totalBytes: 14 };
  expect(await unpacked(archive, { limits })).toHaveLength(2);
});

test('a bomb is refused at its header, before it is inflated', async () => {
  const bomb = gzipSync(
    Buffer.concat([rawMember({ path: 'b', size: 2 ** 30 }), Buffer.alloc(2 ** 28)]),
  );
  let taken = 0;
  function* source(): Generator<Uint8Array> {
    for (let at = 0; at < bomb.byteLength; at += 1024) {
      taken += 1;
      yield bomb.subarray(at, at + 1024);
    }
  }
  const limits = { members: 10, memberBytes: 2 ** 20, totalBytes: 2 ** 20 };
  const reading = createGzipTarArchive().unpack(source(), limits, () => undefined);
  await expect(reading).rejects.toMatchObject({ reason: 'limit' });
  expect(taken * 1024).toBeLessThan(bomb.byteLength / 2);
});

test.each(['x', 'g', 'zeros'])('endless %s are refused', async (kind) => {
  const piece =
    kind === 'zeros'
      ? endOfArchive
      : kind === 'g'
        ? rawPax({ comment: 'c' }, true)
        : Buffer.concat([rawPax({ path: 'p' }), good]);
  const archive = gzipped(Buffer.concat(Array.from({ length: 3000 }, () => piece)));
  await expect(unpacked(archive, { limits: { ...roomy, members: 100 } })).rejects.toMatchObject({
    name: 'ArchiveError',
  });
});

test('an error of the visitor ends reading and comes out as it is', async () => {
  const archive = await packed([fileMember('a', 'x'), fileMember('b', 'y')]);
  const failure = new Error('visitor');
  const seen: string[] = [];
  const reading = createGzipTarArchive().unpack([archive], roomy, ({ path }) => {
    seen.push(path);
    throw failure;
  });
  await expect(reading).rejects.toBe(failure);
  expect(seen).toEqual(['a']);
});
