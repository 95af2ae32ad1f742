import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ArchiveInput } from '../../src/platform/archive.ts';
import {
  gzipped,
  endOfArchive,
  packed,
  fileMember,
  rawMember,
  unpacked,
} from '../support/tar-fixtures.ts';
import { openBooks, openSharedBooks } from '../support/hostile-books.ts';
import { suiteDirectory } from '../support/temporary-directory.ts';

const directory = suiteDirectory();
let shared: Awaited<ReturnType<typeof openBooks>>;
beforeAll(async () => {
  shared = await openSharedBooks(directory);
});

describe('a snapshot', () => {
  const flip = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  const member = (name: string) => fileMember(name, 'x');
  /** The sound archive with one more member that no honest program would write. */
  const withMore = (whole: Buffer, more: Buffer) =>
    gzipped(gunzipSync(whole).subarray(0, -endOfArchive.length), more, endOfArchive);
  const link = { path: 'helper/more', type: 'SymbolicLink', linkpath: '/etc/passwd' } as const;

  it.each<[string, (whole: Buffer) => Buffer | undefined | Promise<Buffer>]>([
    ['with a flipped byte', (whole) => flip(whole, whole.length >> 1)],
    ['with a flipped byte at its end', (whole) => flip(whole, whole.length - 5)],
    ['cut short', (whole) => whole.subarray(0, whole.length - 20)],
    ['that is missing', () => undefined],
    ['that is empty', () => Buffer.alloc(0)],
    ['with something behind it', (whole) => Buffer.concat([whole, Buffer.from('more')])],
    ['without its members', () => packed([])],
    ['with a missing member', async (whole) => packed((await membersOf(whole)).slice(0, -1))],
    [
      'with an extra member',
      async (whole) => packed([...(await membersOf(whole)), member('helper/extra')]),
    ],
    ['with a duplicate', (whole) => withMore(whole, rawMember({ path: 'helper/META.yaml' }, 'x'))],
    ['with a link besides', (whole) => withMore(whole, rawMember(link))],
    [
      'with a member that leads elsewhere',
      (whole) => withMore(whole, rawMember({ path: '../../victim' }, 'x')),
    ],
    [
      'with a link for a member',
      () => gzipped(rawMember({ ...link, path: 'helper/META.yaml' }), endOfArchive),
    ],
  ])('%s is rolled back to in no way, and fails verification', async (_what, damage) => {
    const { snapshot, refuses, run, edit, first, last, evidence } = shared;
    const archive = `${snapshot}.tar.gz`;
    const damaged = await damage(readFileSync(archive));
    edit(archive, damaged === undefined ? undefined : () => damaged);
    const { run_id } = JSON.parse(readFileSync(evidence(last), 'utf8')) as { run_id: string };
    const refusal = { code: 'E_SNAPSHOT_DAMAGED', names: basename(archive) } as const;
    await refuses(refusal, 'identity-rollback', 'last');
    await refuses(refusal, 'identity-rollback', run_id);
    await refuses(refusal, 'identity-rollback', first, '--through');
    await refuses(refusal, 'identity-rollback', last, '--path', 'IDENTITY_PROMPT.md');
    expect((await run('identity', 'verify')).status).toBe(6);
  });

  it('that is a link, or a directory, is not followed', async () => {
    const { snapshot, refuses } = shared;
    const archive = `${snapshot}.tar.gz`;
    const refusal = { code: 'E_SNAPSHOT_DAMAGED', names: 'it is not a file' } as const;
    renameSync(archive, `${archive}-away`);
    onTestFinished(() => renameSync(`${archive}-away`, archive));
    symlinkSync(`${archive}-away`, archive);
    await refuses(refusal, 'identity-rollback', 'last');
    rmSync(archive);
    mkdirSync(archive);
    await refuses(refusal, 'identity-rollback', 'last');
    rmdirSync(archive);
  });

  it.each<[string, string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['of another kind', '{"schema": "x"}'],
    ['null', 'null'],
    ['without directories', '{"schema": "identity-install/snapshot@1", "ref": "REF", "files": []}'],
    ['without shape', '{"schema": "identity-install/snapshot@1", "ref": "REF", "files": [null]}'],
  ])('whose manifest is %s is not rolled back to', async (_what, text) => {
    const { snapshot, last, refuses, edit } = shared;
    const damaged = text?.replace('REF', last);
    edit(`${snapshot}.json`, damaged === undefined ? undefined : () => damaged);
    await refuses({ code: 'E_SNAPSHOT_DAMAGED', names: last }, 'identity-rollback', 'last');
  });
});

describe('evidence', () => {
  it.each<[string, 'E_EVIDENCE_DAMAGED' | 'E_LAYOUT_NEWER', (text: string) => string]>([
    ['cut short', 'E_EVIDENCE_DAMAGED', (text) => text.slice(0, 300)],
    ['of another instance', 'E_EVIDENCE_DAMAGED', (text) => text.replaceAll('helper', 'victim')],
    ['of another home', 'E_EVIDENCE_DAMAGED', (text) => text.replaceAll('/instances/', '/x/')],
    [
      'with a path that leads elsewhere',
      'E_EVIDENCE_DAMAGED',
      (text) => text.replaceAll('"IDENTITY_PROMPT.md"', '"../../../victim"'),
    ],
    ['with one more space', 'E_EVIDENCE_DAMAGED', (text) => `${text} `],
    ['of a newer schema', 'E_LAYOUT_NEWER', (text) => text.replace('evidence@1', 'evidence@2')],
    ['of no schema', 'E_EVIDENCE_DAMAGED', (text) => text.replace('evidence@1', 'x')],
    ['that is null', 'E_EVIDENCE_DAMAGED', () => 'null'],
    [
      'of the id ../../victim',
      'E_EVIDENCE_DAMAGED',
      (text) => text.replace('helper', '../../victim'),
    ],
  ])('%s is not believed: %s', async (_what, code, change) => {
    const { edit, evidence, last, refuses, run } = shared;
    edit(evidence(last), change);
    await refuses({ code, names: last }, 'identity-rollback', 'last');
    await refuses({ code, names: last }, 'identity-rollback', last, '--plan');
    expect((await run('identity', 'verify')).status).toBe(6);
  });

  it('that is missing, or is that of another operation, is not believed', async () => {
    const { evidence, first, last, refuses, edit } = shared;
    edit(evidence(last), () => readFileSync(evidence(first)));
    await refuses({ code: 'E_EVIDENCE_DAMAGED', names: last }, 'identity-rollback', 'last');
    rmSync(evidence(last));
    await refuses({ code: 'E_EVIDENCE_DAMAGED', names: last }, 'identity-rollback', 'last');
  });
});

describe('the ledger', () => {
  it('with part of a line at its end is worked with, with a warning, and mended', async () => {
    const { ledger, run } = await openBooks();
    appendFileSync(ledger, '{"ref":"20261120-');
    const verified = await run('identity', 'verify');
    expect([verified.status, verified.stdout]).toEqual([1, expect.stringContaining('LEDGER_TORN')]);
    const nothing = await run('identity-install', 'helper');
    expect([nothing.status, nothing.stdout]).toEqual([0, expect.stringContaining('cut short')]);
    const undone = await run('identity-rollback', 'last');
    expect([undone.status, undone.stdout]).toEqual([0, expect.stringContaining('cut short')]);
    const lines = readFileSync(ledger, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(['object', 'object', 'object']);
    expect((await run('identity', 'verify')).status).toBe(0);
  });

  it('whose last operation was cut off rolls nothing back', async () => {
    const { edit, ledger, last, refuses, run } = shared;
    edit(ledger, (text) => text.slice(0, -40));
    await refuses({ code: 'E_LEDGER_DAMAGED', names: last }, 'identity-rollback', 'last');
    expect((await run('identity', 'verify')).status).toBe(6);
  });

  it.each<[string, ((text: string) => string) | undefined]>([
    ['that lost its last line', (text) => text.slice(0, text.indexOf('\n') + 1)],
    ['that is empty', () => ''],
    ['that is gone', undefined],
  ])('%s stops everything, so that no later operation hides it', async (_what, cut) => {
    const { edit, ledger, last, refuses } = shared;
    edit(ledger, cut);
    const refusal = { code: 'E_LEDGER_DAMAGED', names: [last, 'verify --all'] } as const;
    await refuses(refusal, 'identity-install', 'helper');
    await refuses(refusal, 'identity-install', 'helper', '--replace', '--backup');
    await refuses(refusal, 'identity', 'activate', 'helper');
    await refuses(refusal, 'identity-rollback', 'last');
    await refuses(refusal, 'identity-rollback', '--list');
    await refuses(refusal, 'identity', 'history');
    await refuses(refusal, 'identity', 'recover');
  });

  it('that lost its last line, with the evidence of it, is given away by the record', async () => {
    const { edit, evidence, ledger, last, refuses } = shared;
    edit(ledger, (text) => text.slice(0, text.indexOf('\n') + 1));
    edit(evidence(last));
    const refusal = { code: 'E_LEDGER_DAMAGED', names: last } as const;
    await refuses(refusal, 'identity-install', 'helper', '--replace', '--backup');
    await refuses(refusal, 'identity', 'register', 'helper');
    await refuses(refusal, 'identity-rollback', 'last');
  });

  it.each<[string, (text: string) => string]>([
    ['an edited line', (text) => text.replace('v1.0.0', 'v9.9.9')],
    ['a line taken out', (text) => text.slice(text.indexOf('\n') + 1)],
    ['lines swapped', (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`],
    ['a line that is not valid JSON', (text) => text.replace('{', '[')],
    ['the id ../../victim', (text) => text.replaceAll('"helper"', '"../../victim"')],
    ['a line from elsewhere behind it', (text) => `${text}{"ref":"x","previous":"y"}\n`],
  ])('with %s stops everything', async (_what, change) => {
    const { edit, ledger, refuses } = shared;
    edit(ledger, change);
    const refusal = { code: 'E_LEDGER_DAMAGED', names: ledger } as const;
    await refuses(refusal, 'identity-install', 'helper');
    await refuses(refusal, 'identity-rollback', 'last');
    await refuses(refusal, 'identity', 'verify');
    await refuses(refusal, 'identity', 'history');
  });

  it.each([
    ['"identity_id":"helper"', '"identity_id":"victim"'],
    ['"undoes":null', '"undoes":"20200101-000000-000000"'],
    ['"summary":"v1.0.0 -', '"summary":"v0.0.0 -'],
  ])('with %s edited in its last line stops everything', async (from, to) => {
    const { edit, ledger, refuses, last } = shared;
    edit(ledger, (text) => {
      const at = text.lastIndexOf(from);
      return text.slice(0, at) + to + text.slice(at + from.length);
    });
    const refusal = { code: 'E_LEDGER_DAMAGED', names: last } as const;
    await refuses(refusal, 'identity-rollback', last);
    await refuses(refusal, 'identity-rollback', 'helper@last');
    await refuses(refusal, 'identity-install', 'helper');
    await refuses(refusal, 'identity', 'history');
    await refuses(refusal, 'identity', 'verify');
    await refuses(refusal, 'identity', 'register', 'helper');
  });
});

/** Edits evidence and ledger so that the digests agree, as somebody can who may write to the home. */
it('an id like ../../victim is refused also where every digest agrees', async () => {
  const { edit, ledger, evidence, last, refuses, run } = shared;
  edit(evidence(last), (text) =>
    text.replace('"identity_id": "helper"', '"identity_id": "../../victim"'),
  );
  const digest = createHash('sha256')
    .update(readFileSync(evidence(last)))
    .digest('hex');
  edit(ledger, (text) => {
    const [one = '', two = ''] = text.split('\n');
    const forged = two
      .replace('"identity_id":"helper"', '"identity_id":"../../victim"')
      .replace(/"evidence_sha256":"[^"]*"/, `"evidence_sha256":"${digest}"`);
    return `${one}\n${forged}\n`;
  });
  await refuses({ code: 'E_LEDGER_DAMAGED', names: 'Line 2' }, 'identity-rollback', last);
  await refuses({ code: 'E_LEDGER_DAMAGED', names: 'Line 2' }, 'identity', 'verify');
  expect((await run('identity', 'verify', '--all')).status).toBe(6);
});

async function membersOf(archive: Buffer): Promise<ArchiveInput[]> {
  const members = await unpacked(archive);
  return members.map(({ text, ...member }) => ({ ...member, content: () => Buffer.from(text) }));
}
