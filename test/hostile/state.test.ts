import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectPlainText } from '../support/hostile-scene.ts';
import { openBooks, openSharedBooks } from '../support/hostile-books.ts';
import { suiteDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const directory = suiteDirectory();
let shared: Awaited<ReturnType<typeof openBooks>>;
beforeAll(async () => {
  shared = await openSharedBooks(directory);
});

describe('a record', () => {
  it.each<[string, (text: string) => string]>([
    ['of another identity', (text) => text.replace('"id": "helper"', '"id": "victim"')],
    ['with a path that leads elsewhere', (text) => text.replace('"META.yaml"', '"../../victim"')],
    ['cut short', (text) => text.slice(0, 200)],
    ['with __proto__ for a member', (text) => text.replace('"release"', '"__proto__"')],
  ])('%s is not believed', async (_what, change) => {
    const { edit, state, refuses } = shared;
    edit(join(state, 'record', 'helper.json'), change);
    for (const program of ['identity-install', 'identity'] as const) {
      const args = program === 'identity' ? ['verify', 'helper'] : ['helper'];
      await refuses({ code: 'E_RECORD_DAMAGED', names: 'helper.json' }, program, ...args);
    }
  });
});

describe('a journal', () => {
  it.each<[string, object]>([
    ['of another name', { ref: '20990101-000000-ffffff' }],
    ['that leads elsewhere', { changes: [{ root: 'instance', path: '../../../victim' }] }],
    ['of an instance outside of the home', { instance: '/nowhere/victim' }],
    ['of an instance by a relative path', { instance: 'instances/helper' }],
    ['of no home', { home: null }],
    ['of the id ../../victim', { id: '../../victim' }],
    ['that writes into the home', { changes: [{ root: 'home', path: '.identity-install/x' }] }],
  ])('%s is not carried out', async (_what, wrong) => {
    const { state, refuses, last } = shared;
    const ref = '20260101-000000-abcdef';
    const directory = join(state, 'journal', ref);
    const displaced = join(state, 'displaced', last, 'intent.json');
    const intent = JSON.parse(readFileSync(displaced, 'utf8')) as object;
    mkdirSync(directory);
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'intent.json'), JSON.stringify({ ...intent, ref, ...wrong }));
    writeFileSync(join(directory, 'commit'), '');
    await refuses({ code: 'E_JOURNAL_DAMAGED', names: ref }, 'identity', 'recover');
    await refuses({ code: 'E_JOURNAL_DAMAGED', names: ref }, 'identity-install', 'helper');
  });
});

describe('what lies in journal/ and is not ours', () => {
  it.each(['notes.new', '20260101-000000-abcdef.probe-x.new', 'notes'])(
    '%s, a directory, is left alone and named',
    async (name) => {
      const { state, refuses } = shared;
      const stray = join(state, 'journal', name);
      mkdirSync(stray);
      onTestFinished(() => rmSync(stray, { recursive: true }));
      writeFileSync(join(stray, 'todo.txt'), 'mine\n');
      await refuses({ code: 'E_JOURNAL_DAMAGED', names: name }, 'identity', 'recover');
      await refuses({ code: 'E_JOURNAL_DAMAGED', names: name }, 'identity-install', 'helper');
    },
  );

  it.each(['20260101-000000-abcdef.new', '20260101-000000-abcdef'])(
    '%s, a link, is not followed',
    async (name) => {
      const { directory, state, refuses } = shared;
      const elsewhere = join(directory, 'elsewhere');
      mkdirSync(elsewhere);
      writeFileSync(join(elsewhere, 'todo.txt'), 'mine\n');
      symlinkSync(elsewhere, join(state, 'journal', name));
      onTestFinished(() => rmSync(elsewhere, { recursive: true }));
      onTestFinished(() => rmSync(join(state, 'journal', name)));
      await refuses({ code: 'E_JOURNAL_DAMAGED', names: name }, 'identity', 'recover');
    },
  );

  it('an intent and probes that a crash left there are cleared away', async () => {
    const { state, run } = shared;
    const left = ['', '.probe-left', '.probe-right', '.probe-link'];
    for (const what of left) {
      mkdirSync(join(state, 'journal', `20260101-000000-abcdef${what}.new`));
    }
    expect((await run('identity', 'recover')).status).toBe(0);
    expect(readdirSync(join(state, 'journal'))).toEqual([]);
  });
});

describe.each([
  'journal',
  'snapshots',
  'displaced',
  'evidence',
  'record',
  'reports',
  'releases.git',
])('%s', (name) => {
  it.each<[string, (path: string, away: string) => void]>([
    ['a link', (path, away) => symlinkSync(away, path)],
    ['a file', (path) => writeFileSync(path, '')],
  ])('that is %s stops every command that writes, and verify', async (_what, put) => {
    const { directory, state, refuses } = shared;
    const path = join(state, name);
    const away = join(directory, 'away');
    renameSync(path, away);
    onTestFinished(() => renameSync(away, path));
    put(path, away);
    onTestFinished(() => rmSync(path));
    if (name === 'journal') {
      mkdirSync(join(away, '20260101-000000-abcdef.new'));
      onTestFinished(() => rmdirSync(join(away, '20260101-000000-abcdef.new')));
    }
    const refusal = { code: 'E_HOME_UNSAFE', names: path } as const;
    await refuses(refusal, 'identity-install', 'helper', '--replace', '--backup');
    await refuses(refusal, 'identity-rollback', 'last');
    await refuses(refusal, 'identity', 'recover');
    await refuses(refusal, 'identity', 'verify');
    await refuses(refusal, 'identity', 'verify', '--all');
    await refuses(refusal, 'identity', 'activate', 'helper');
  });
});

it('a link among the reports that wait is not followed', async () => {
  const { directory, state, refuses } = shared;
  const link = join(state, 'reports', 'helper');
  const elsewhere = join(directory, 'elsewhere');
  rmSync(link, { recursive: true, force: true });
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'todo.txt'), 'mine\n');
  symlinkSync(elsewhere, link);
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  onTestFinished(() => rmSync(link));
  await refuses(
    { code: 'E_HOME_UNSAFE', names: link },
    'identity-install',
    'helper',
    '--replace',
    '--backup',
  );
});

it('state that others can look into was not made by this program, and is not believed', async () => {
  const { state, refuses } = shared;
  chmodSync(state, 0o755);
  onTestFinished(() => chmodSync(state, 0o700));
  const refusal = { code: 'E_HOME_UNSAFE', names: 'chmod 700' } as const;
  await refuses(refusal, 'identity-install', 'helper');
  await refuses(refusal, 'identity-rollback', 'last');
  await refuses(refusal, 'identity', 'recover');
});

it('a state of a newer layout is left alone before anything is fetched', async () => {
  const { state, refuses, edit } = shared;
  edit(join(state, 'format.json'), () => '{"layout": 2}\n');
  await refuses({ code: 'E_LAYOUT_NEWER', names: 'newer' }, 'identity-install', 'helper');
  await refuses({ code: 'E_LAYOUT_NEWER', names: 'newer' }, 'identity-rollback', 'last');
});

it('a format that cannot be read is damage of the home, and the hint says what it holds', async () => {
  const { state, refuses, edit } = shared;
  edit(join(state, 'format.json'), () => '{"layout":');
  for (const program of ['identity-install', 'identity-rollback'] as const) {
    const args = program === 'identity-install' ? ['helper'] : ['last'];
    await refuses({ code: 'E_FORMAT_DAMAGED', names: '{"layout":1}' }, program, ...args);
  }
});

describe('a reference that leads elsewhere', () => {
  it.each(['../../victim', '/etc/passwd', '..', '../../victim@last', 'x\u001b[2J', '2026*', '-'])(
    '%j is not found',
    async (reference) => {
      const { refuses } = shared;
      await refuses({ code: 'E_REF_UNKNOWN', names: 'history' }, 'identity-rollback', reference);
    },
  );

  it.each(['../../victim', '/etc/passwd', '..', '.', 'a/../../b', 'a//b', ''])(
    'the path %j is not found',
    async (path) => {
      const { refuses } = shared;
      await refuses({ code: 'E_USAGE' }, 'identity-rollback', 'last', `--path=${path}`);
    },
  );
});

it('names in our books that a terminal obeys are shown escaped', async () => {
  const { instance, run, state } = await openBooks();
  appendFileSync(join(instance, 'evil\u001b]0;x\u0007\u202e.md'), 'mine\n');
  await run(
    'identity-install',
    'helper',
    '--replace',
    '--backup',
    '--release',
    'v1.0.0',
    '--allow-downgrade',
  );
  for (const args of [
    ['verify', '--verbose'],
    ['history', '--verbose'],
    ['verify', '--json'],
  ]) {
    expectPlainText(await run('identity', ...args));
  }
  expectPlainText(await run('identity-rollback', 'last', '--verbose'));
  expect(readdirSync(join(state, 'journal'))).toEqual([]);
  expect(Object.keys(treeOf(instance)).join()).toContain('evil');
});
