import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { VerifyHomeRun } from '../../src/inspection/verify/verify-home.ts';
import { openBooks, openSharedBooks } from '../support/hostile-books.ts';
import { expectRefused, homeState } from '../support/hostile-scene.ts';
import { gzipped, endOfArchive, fileMember, packed, rawMember } from '../support/tar-fixtures.ts';
import { jsonOf } from '../support/program.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { suiteDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

type Books = Awaited<ReturnType<typeof openBooks>>;

const directory = suiteDirectory();
let shared: Books;
beforeAll(async () => {
  shared = await openSharedBooks(directory);
});

/** Verifies the whole home, which changes nothing in it. */
async function verifyHome({ run, home }: Books, ...args: string[]) {
  const before = homeState(home);
  const ran = await run('identity', 'verify', '--all', '--json', ...args);
  const told = jsonOf(ran) as VerifyHomeRun;
  expect(homeState(home)).toEqual(before);
  const codes = told.problems.map(({ code }) => code);
  return { ...told, status: ran.status, codes, undo: told.trust?.notUndoable };
}

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

it('a sound home verifies, and the head is the digest of the last line', async () => {
  const { ledger, identities, trust, checked, codes, status } = await verifyHome(shared);
  expect([status, codes]).toEqual([0, []]);
  expect(identities).toMatchObject([{ id: 'helper', files: { modified: [], missing: [] } }]);
  expect(checked).toMatchObject({ operations: 2, snapshots: 1, bases: 4 });
  expect(trust).toMatchObject({ operations: 2, notUndoable: [] });
  const { stdout } = await shared.run('identity', 'verify', '--all');
  expect(stdout).toContain(`Ledger head: ${ledger.head ?? ''}  (2 operations)`);
  expect((await shared.run('identity', 'history')).stdout).toContain(
    `Ledger head: ${ledger.head ?? ''}  `,
  );
  const history = jsonOf(await shared.run('identity', 'history', '--json'));
  expect(history).toMatchObject({ head: ledger.head });
});

it('a file that was edited is drift, exit 1, and one that is gone too', async () => {
  const { edit, instance } = shared;
  edit(join(instance, 'IDENTITY_PROMPT.md'), () => 'mine\n');
  edit(join(instance, 'META.yaml'));
  const { status, identities, codes } = await verifyHome(shared);
  expect([status, codes]).toEqual([1, []]);
  expect(identities[0]?.files).toMatchObject({
    modified: ['IDENTITY_PROMPT.md'],
    missing: ['META.yaml'],
  });
});

it('an instance that is gone is drift, and says so', async () => {
  const { instance } = shared;
  renameSync(instance, `${instance}-away`);
  onTestFinished(() => renameSync(`${instance}-away`, instance));
  const { status, codes } = await verifyHome(shared);
  expect([status, codes]).toEqual([1, ['INSTANCE_MISSING']]);
});

describe('a snapshot', () => {
  it.each<[string, (whole: Buffer) => Buffer | undefined | Promise<Buffer>]>([
    ['with a flipped byte', (whole) => flip(whole, whole.length >> 1)],
    ['that is cut short', (whole) => whole.subarray(0, -20)],
    ['with an extra member', () => packed([fileMember('helper/extra', 'x')])],
    ['without a member', () => packed([])],
    ['that is missing', () => undefined],
    [
      'with a link',
      () =>
        gzipped(
          rawMember({ path: 'helper/META.yaml', type: 'SymbolicLink', linkpath: '/etc' }),
          endOfArchive,
        ),
    ],
  ])('%s is found, and its operation cannot be undone', async (_what, damage) => {
    const { snapshot, edit, last } = shared;
    const archive = `${snapshot}.tar.gz`;
    const damaged = await damage(readFileSync(archive));
    edit(archive, damaged === undefined ? undefined : () => damaged);
    const { status, codes, undo, problems, trust } = await verifyHome(shared);
    expect([status, codes, undo]).toEqual([6, ['SNAPSHOT_DAMAGED'], [last]]);
    expect(problems[0]).toMatchObject({ path: archive, ref: last, severity: 'error' });
    expect(trust?.operations).toBe(2);
  });

  it('whose checksums are not its own is found, and the operation can be undone', async () => {
    const { snapshot, edit } = shared;
    edit(`${snapshot}.sha256`, (text) => text.replace(/^./, 'x'));
    const { status, codes, undo } = await verifyHome(shared);
    expect([status, codes, undo]).toEqual([6, ['SNAPSHOT_CHECKSUMS'], []]);
  });

  it('of an operation that was undone is checked like any other', async () => {
    const books = await openBooks();
    await books.run('identity-rollback', 'last');
    appendFileSync(`${books.snapshot}.tar.gz`, 'x');
    const { status, codes, undo } = await verifyHome(books);
    expect([status, codes, undo]).toEqual([6, ['SNAPSHOT_DAMAGED'], []]);
  });

  it('that no operation on record took is named, and checked', async () => {
    const { snapshot, last, state } = shared;
    const stray = join(state, 'snapshots', '20200101-000000-abcdef');
    onTestFinished(() => {
      for (const suffix of ['tar.gz', 'json', 'sha256']) rmSync(`${stray}.${suffix}`);
    });
    cpSync(`${snapshot}.tar.gz`, `${stray}.tar.gz`);
    for (const suffix of ['json', 'sha256']) {
      const text = readFileSync(`${snapshot}.${suffix}`, 'utf8');
      writeFileSync(`${stray}.${suffix}`, text.replaceAll(last, '20200101-000000-abcdef'));
    }
    const { status, codes, undo } = await verifyHome(shared);
    expect([status, codes, undo]).toEqual([6, ['SNAPSHOT_CHECKSUMS', 'SNAPSHOT_ORPHANED'], []]);
  });
});

describe('evidence', () => {
  it.each<[string, ((text: string) => string) | undefined, string]>([
    ['that is missing', undefined, 'EVIDENCE_MISSING'],
    ['with one more space', (text) => `${text} `, 'EVIDENCE_CHANGED'],
    ['that is cut short', (text) => text.slice(0, 300), 'EVIDENCE_CHANGED'],
  ])('%s is found, and its operation cannot be undone', async (_what, change, code) => {
    const { edit, evidence, first, refuses } = shared;
    edit(evidence(first), change);
    const { status, codes, undo, trust } = await verifyHome(shared);
    expect([status, codes, undo]).toEqual([6, [code], [first]]);
    expect(trust?.operations).toBe(2);
    const refusal = { code: 'E_EVIDENCE_DAMAGED', names: first } as const;
    await refuses(refusal, 'identity-rollback', first, '--through');
  });

  it.each<[string, ((text: string) => string) | undefined, string]>([
    ['is missing', undefined, 'EVIDENCE_MISSING'],
    ['has one more space', (text) => `${text} `, 'EVIDENCE_CHANGED'],
  ])('of the last line that %s is found, and no command goes on', async (_what, change, code) => {
    const { edit, evidence, first, last, refuses } = shared;
    edit(evidence(last), change);
    const { status, codes, undo, trust } = await verifyHome(shared);
    expect([status, codes, undo]).toEqual([6, [code], [last, first]]);
    expect(trust?.operations).toBe(1);
    const refusal = { code: 'E_EVIDENCE_DAMAGED', names: [last, 'verify --all'] } as const;
    await refuses(refusal, 'identity-install', 'helper');
    await refuses(refusal, 'identity', 'history');
  });

  it('that changed places with another is found, both times', async () => {
    const { edit, evidence, first, last } = shared;
    const [one, two] = [readFileSync(evidence(first)), readFileSync(evidence(last))];
    edit(evidence(first), () => two);
    edit(evidence(last), () => one);
    const { status, codes, problems, undo } = await verifyHome(shared);
    expect([status, codes]).toEqual([6, ['EVIDENCE_CHANGED', 'EVIDENCE_CHANGED']]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(`evidence of ${last}`),
      expect.stringContaining(`evidence of ${first}`),
    ]);
    expect(undo).toEqual([last, first]);
  });

  it('of an operation that the ledger does not have is not believed', async () => {
    const { evidence, last, state } = shared;
    const stray = join(state, 'evidence', '20200101-000000-abcdef.json');
    cpSync(evidence(last), stray);
    onTestFinished(() => rmSync(stray));
    const { status, codes, undo } = await verifyHome(shared);
    expect([status, codes, undo]).toEqual([6, ['EVIDENCE_ORPHANED'], []]);
  });
});

describe('the ledger', () => {
  it('with a broken line in the middle is trusted up to there, and the rest is still checked', async () => {
    const books = await openBooks();
    await books.run('identity-rollback', 'last');
    await books.run('identity-rollback', 'last');
    const [one = '', two = '', ...rest] = readFileSync(books.ledger, 'utf8').split('\n');
    writeFileSync(books.ledger, [one, two.replace('v2.0.0', 'v9.9.9'), ...rest].join('\n'));
    appendFileSync(books.evidence(books.first), ' ');
    const { status, codes, trust, problems } = await verifyHome(books);
    expect([status, codes]).toEqual([6, ['LEDGER_DAMAGED', 'EVIDENCE_CHANGED', 'LEDGER_EDITED']]);
    expect(problems[0]?.message).toContain('Line 3');
    expect(trust?.operations).toBe(1);
    expect(trust?.notUndoable).toContain(books.first);
    const { stdout } = await books.run('identity', 'verify', '--all');
    expect(stdout).toContain('(1 of 4)');
  });

  it.each([
    ['"summary":"v1.0.0 -', '"summary":"v0.0.0 -'],
    ['"identity_id":"helper"', '"identity_id":"victim"'],
  ])('with %s edited in its last line is contradicted by its evidence', async (from, to) => {
    const { edit, ledger, last } = shared;
    edit(ledger, (text) => {
      const at = text.lastIndexOf(from);
      return text.slice(0, at) + to + text.slice(at + from.length);
    });
    const { status, codes, undo, trust } = await verifyHome(shared);
    expect(status).toBe(6);
    expect(codes).toContain('LEDGER_EDITED');
    expect(undo).toContain(last);
    expect(trust?.operations).toBe(1);
  });

  it('with a torn last line is a warning', async () => {
    const { edit, ledger } = shared;
    edit(ledger, (text) => `${text}{"ref":"20261120-`);
    const { status, codes } = await verifyHome(shared);
    expect([status, codes]).toEqual([1, ['LEDGER_TORN']]);
  });

  it('that lost its last line is given away by record, evidence and snapshot', async () => {
    const { edit, ledger } = shared;
    edit(ledger, (text) => text.slice(0, text.indexOf('\n') + 1));
    const { status, codes } = await verifyHome(shared);
    expect(status).toBe(6);
    expect(codes.toSorted()).toEqual([
      'DISPLACED_ORPHANED',
      'EVIDENCE_ORPHANED',
      'LEDGER_DAMAGED',
      'RECORD_UNKNOWN_OPERATION',
      'SNAPSHOT_ORPHANED',
    ]);
  });

  it.each<[string, (text: string) => string]>([
    ['its last line', (text) => text.slice(0, text.indexOf('\n') + 1)],
    ['every line', () => ''],
  ])('that lost %s is not said to let everything be undone', async (_what, cut) => {
    const { edit, ledger, run, last } = shared;
    edit(ledger, cut);
    const { stdout } = await run('identity', 'verify', '--all');
    expect(stdout).not.toContain('everything that stands can be undone');
    expect(stdout).toContain('cannot be undone');
    expect(stdout).toContain(`lost operation ${last}`);
  });

  it('that never had an operation of which there is older evidence says that this one is lost', async () => {
    const { evidence, last, run } = shared;
    const stray = evidence('20200101-000000-abcdef');
    cpSync(evidence(last), stray);
    onTestFinished(() => rmSync(stray));
    const { stdout } = await run('identity', 'verify', '--all');
    expect(stdout).toContain(
      '1 operation with evidence but without a line in the ledger cannot be undone.',
    );
  });

  it('with an id like ../../victim in it is damaged, and leads nowhere', async () => {
    const { edit, ledger, refuses } = shared;
    edit(ledger, (text) => {
      const at = text.lastIndexOf('"helper"');
      return `${text.slice(0, at)}"../../victim"${text.slice(at + '"helper"'.length)}`;
    });
    const { status, codes } = await verifyHome(shared);
    expect(status).toBe(6);
    expect(codes[0]).toBe('LEDGER_DAMAGED');
    await refuses({ code: 'E_LEDGER_DAMAGED', names: ledger }, 'identity-rollback', 'last');
  });
});

describe('the head that was noted', () => {
  it('is the digest of the last line, as sha256sum computes it', async () => {
    const { ledger, run } = shared;
    const byHand = execFileSync('sh', ['-c', "tail -n 1 ledger.jsonl | tr -d '\\n' | sha256sum"], {
      cwd: join(ledger, '..'),
      encoding: 'utf8',
    }).slice(0, 64);
    const told = await run('identity', 'verify', '--expect-head', byHand);
    expect(told.status).toBe(0);
    expect(told.stdout).toContain('The expected head is in the ledger; nothing was added since.');
  });

  it('may be an earlier one: history was only added to', async () => {
    const books = await openBooks();
    const { head } = (await verifyHome(books)).ledger;
    await books.run('identity-rollback', 'last');
    const { status, ledger } = await verifyHome(books, '--expect-head', head ?? '');
    expect([status, ledger.expected]).toEqual([0, { head, addedSince: 1 }]);
    const { stdout } = await books.run('identity', 'verify', '--all', '--expect-head', head ?? '');
    expect(stdout).toContain('The expected head is in the ledger; 1 operation was added since.');
  });

  it('tells a whole trail that was replaced by an older copy, which nothing else can', async () => {
    const books = await openBooks();
    const older = join(temporaryDirectory(), 'home');
    cpSync(books.home, older, { recursive: true, preserveTimestamps: true });
    chmodSync(join(older, '.identity-install'), 0o700);
    await books.run('identity-rollback', 'last');
    const head = (await verifyHome(books)).ledger.head ?? '';
    rmSync(books.home, { recursive: true });
    cpSync(older, books.home, { recursive: true, preserveTimestamps: true });
    chmodSync(books.state, 0o700);
    expect((await verifyHome(books)).status).toBe(0);
    const { status, codes } = await verifyHome(books, '--expect-head', head);
    expect([status, codes]).toEqual([6, ['LEDGER_HEAD']]);
    const refusal = { code: 'E_LEDGER_HEAD', names: head } as const;
    await expectRefused(() => books.run('identity', 'verify', '--expect-head', head), refusal, [
      books.home,
    ]);
  });
});

describe('a record', () => {
  it.each<[string, ((text: string) => string) | undefined, string, boolean]>([
    ['that is cut short', (text) => text.slice(0, 200), 'RECORD_DAMAGED', true],
    ['of a newer schema', (text) => text.replace('record@1', 'record@2'), 'LAYOUT_NEWER', true],
    ['that is gone', undefined, 'RECORD_MISSING', false],
    [
      'of another trail',
      (text) => text.replace(/"operation": "[^"]*"/, '"operation": "20200101-000000-abcdef"'),
      'RECORD_UNKNOWN_OPERATION',
      true,
    ],
  ])('%s is found, and the rest is checked', async (_what, change, code, blocks) => {
    const { edit, state, first, last } = shared;
    edit(join(state, 'record', 'helper.json'), change);
    const { status, codes, undo, checked } = await verifyHome(shared);
    expect([status, codes]).toEqual([6, [code]]);
    expect(undo).toEqual(blocks ? [last, first] : []);
    expect(checked.snapshots).toBe(1);
  });
});

describe('the rest of the home', () => {
  it('a base that is not in the release store is found', async () => {
    const { state } = shared;
    const store = join(state, 'releases.git');
    renameSync(join(store, 'objects'), join(store, 'objects-away'));
    mkdirSync(join(store, 'objects'));
    onTestFinished(() => {
      rmSync(join(store, 'objects'), { recursive: true });
      renameSync(join(store, 'objects-away'), join(store, 'objects'));
    });
    const { status, codes, undo } = await verifyHome(shared);
    expect([status, undo]).toEqual([6, []]);
    expect(codes).toContain('BASE_MISSING');
  });

  it('a release store that is gone is found', async () => {
    const { state } = shared;
    const store = join(state, 'releases.git');
    renameSync(store, `${store}-away`);
    onTestFinished(() => renameSync(`${store}-away`, store));
    expect((await verifyHome(shared)).codes).toEqual(['BASE_MISSING']);
  });

  it('a ref that names nothing is found', async () => {
    const { state } = shared;
    const sources = join(state, 'releases.git', 'refs', 'sources');
    mkdirSync(join(sources, 'x'), { recursive: true });
    const ref = join(sources, 'x', 'tag');
    writeFileSync(ref, 'garbage\n');
    onTestFinished(() => rmSync(join(sources, 'x'), { recursive: true }));
    const { status, problems } = await verifyHome(shared);
    expect([status, problems]).toMatchObject([6, [{ code: 'STORE_REF_BROKEN', path: ref }]]);
  });

  it('settings in the release store that are not ours are found, and not obeyed', async () => {
    const { state, edit } = shared;
    edit(join(state, 'releases.git', 'config'), (text) => `${text}[alias]\n\tx = !touch y\n`);
    expect((await verifyHome(shared)).codes).toEqual(['STORE_UNSAFE']);
  });

  it('a local catalog, a report, a displaced intent and a format that cannot be read are found together', async () => {
    const { state, home, edit, last } = shared;
    writeFileSync(join(home, 'catalog.local.yaml'), 'identities: {}\n');
    mkdirSync(join(state, 'reports', 'helper'), { recursive: true });
    const report = join(state, 'reports', 'helper', 'verify-20200101-000000-abcdef.json');
    writeFileSync(report, '{"torn');
    edit(join(state, 'displaced', last, 'intent.json'), () => '{}');
    edit(join(state, 'format.json'), () => 'x');
    onTestFinished(() => {
      rmSync(join(home, 'catalog.local.yaml'));
      rmSync(report);
    });
    const { status, codes, reason } = await verifyHome(shared);
    expect([status, reason]).toEqual([6, 'E_FORMAT_DAMAGED']);
    expect(codes.toSorted()).toEqual([
      'CATALOG_LOCAL',
      'CATALOG_LOCAL',
      'DISPLACED_DAMAGED',
      'FORMAT_DAMAGED',
      'REPORT_DAMAGED',
    ]);
  });

  it.each([
    // A home is locked all the same when its ledger cannot be read.
    ['ledger.jsonl', 'LEDGER_DAMAGED', null],
    ['format.json', 'FORMAT_DAMAGED', 'E_FORMAT_DAMAGED'],
    ['lock', 'LOCK_DAMAGED', 'E_LOCK_DAMAGED'],
  ] as const)(
    'a link, a directory or a FIFO in place of %s is found, and the rest is checked',
    async (name, code, keptFromLocking) => {
      const { state, refuses } = shared;
      const path = join(state, name);
      const away = join(directory, `${name}-away`);
      renameSync(path, away);
      onTestFinished(() => renameSync(away, path));
      const strange = [
        ['a link', () => symlinkSync(away, path)],
        ['a directory', () => mkdirSync(path)],
        ['a FIFO', () => execFileSync('mkfifo', [path])],
      ] as const;
      for (const [what, make] of strange) {
        make();
        try {
          const { status, codes, reason, problems } = await verifyHome(shared);
          expect([status, reason], what).toEqual([6, keptFromLocking]);
          expect(codes, what).toContain(code);
          expect(problems.find((one) => one.code === code)).toMatchObject({ path });
          const refusal = { code: `E_${code}`, names: [path] } as const;
          await refuses(refusal, 'identity-rollback', 'last');
          await refuses(refusal, 'identity-install', 'helper');
        } finally {
          rmSync(path, { recursive: true });
        }
      }
    },
  );

  it('bytes that came late to a displaced file are named', async () => {
    const books = await openBooks();
    const displaced = join(books.state, 'displaced', books.last);
    const slot = readdirSync(displaced).find((name) => /^\d+$/.test(name)) ?? '';
    appendFileSync(join(displaced, slot), 'said late\n');
    const { status, problems } = await verifyHome(books);
    expect([status, problems]).toMatchObject([
      1,
      [{ code: 'LATE_BYTES', path: join(displaced, slot) }],
    ]);
  });

  it('a newer layout is said to be newer, and judged no further', async () => {
    const { state, edit } = shared;
    edit(join(state, 'format.json'), () => '{"layout": 2}\n');
    const { status, codes, identities, trust } = await verifyHome(shared);
    expect([status, codes, identities, trust]).toEqual([6, ['LAYOUT_NEWER'], [], null]);
    const { stdout } = await shared.run('identity', 'verify', '--all');
    expect(stdout).toMatch(/^1 problem\. Only a newer version can determine which /m);
    expect(stdout).not.toContain('can be undone');
  });

  it('a journal that cannot be read is found, and the rest is checked', async () => {
    const { state } = shared;
    const journal = join(state, 'journal', '20260101-000000-abcdef');
    mkdirSync(journal);
    writeFileSync(join(journal, 'intent.json'), '{"torn');
    onTestFinished(() => rmSync(journal, { recursive: true }));
    const { status, codes, reason, undo, checked } = await verifyHome(shared);
    expect([status, codes, reason]).toEqual([6, ['JOURNAL_DAMAGED'], 'E_JOURNAL_DAMAGED']);
    expect(undo).toHaveLength(2);
    expect(checked.snapshots).toBe(1);
  });
});

it('many problems at once are all told, one line each', async () => {
  const { edit, evidence, first, snapshot, state, run } = shared;
  edit(evidence(first));
  edit(`${snapshot}.tar.gz`, () => '');
  edit(join(state, 'record', 'helper.json'), () => '{}');
  const { status, codes } = await verifyHome(shared);
  expect(status).toBe(6);
  expect(codes).toEqual(['RECORD_DAMAGED', 'EVIDENCE_MISSING', 'SNAPSHOT_DAMAGED']);
  const lines = (await run('identity', 'verify', '--all')).stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('problem: '))).toHaveLength(3);
  expect(lines.at(-2)).toMatch(/^3 problems\. All recorded operations can be trusted; these /);
});

it('a home without operations has no head, and looking at it does not use it', async () => {
  const home = temporaryDirectory();
  const person = { directory: temporaryDirectory() };
  const told = jsonOf(
    await runInProcess(person, 'identity', 'verify', '--all', '--json', '--home', home),
  );
  expect(told).toMatchObject({ exitCode: 0, ledger: { head: null, operations: 0 } });
  expect(readdirSync(home)).toEqual([]);
});
