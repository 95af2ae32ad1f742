import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectPlainText } from '../support/hostile-scene.ts';
import { openBooks } from '../support/hostile-books.ts';
import { suiteDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const directory = suiteDirectory();
let shared: ReturnType<typeof openBooks>;
beforeAll(() => {
  shared = openBooks(directory);
});

describe('a record', () => {
  it.each<[string, (text: string) => string]>([
    ['of another identity', (text) => text.replace('"id": "helper"', '"id": "victim"')],
    ['with a path that leads elsewhere', (text) => text.replace('"META.yaml"', '"../../victim"')],
    ['cut short', (text) => text.slice(0, 200)],
    ['with __proto__ for a member', (text) => text.replace('"release"', '"__proto__"')],
  ])('%s is not believed', (_what, change) => {
    const { edit, state, refuses } = shared;
    edit(join(state, 'record', 'helper.json'), change);
    for (const program of ['identity-install', 'identity'] as const) {
      const args = program === 'identity' ? ['verify', 'helper'] : ['helper'];
      refuses({ code: 'E_RECORD_DAMAGED', names: 'helper.json' }, program, ...args);
    }
  });
});

describe('a journal', () => {
  it.each<[string, object]>([
    ['of another name', { ref: '20990101-000000-ffffff' }],
    ['that leads elsewhere', { changes: [{ root: 'instance', path: '../../../victim' }] }],
    ['of the id ../../victim', { id: '../../victim' }],
    ['that writes into the home', { changes: [{ root: 'home', path: '.identity-install/x' }] }],
  ])('%s is not carried out', (_what, wrong) => {
    const { state, refuses, last } = shared;
    const ref = '20260101-000000-abcdef';
    const directory = join(state, 'journal', ref);
    const displaced = join(state, 'displaced', last, 'intent.json');
    const intent = JSON.parse(readFileSync(displaced, 'utf8')) as object;
    mkdirSync(directory);
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'intent.json'), JSON.stringify({ ...intent, ref, ...wrong }));
    writeFileSync(join(directory, 'commit'), '');
    refuses({ code: 'E_JOURNAL_DAMAGED', names: ref }, 'identity', 'recover');
    refuses({ code: 'E_JOURNAL_DAMAGED', names: ref }, 'identity-install', 'helper');
  });
});

it('state that others can look into was not made by this program, and is not believed', () => {
  const { state, refuses } = shared;
  chmodSync(state, 0o755);
  onTestFinished(() => chmodSync(state, 0o700));
  const refusal = { code: 'E_HOME_UNSAFE', names: 'chmod 700' } as const;
  refuses(refusal, 'identity-install', 'helper');
  refuses(refusal, 'identity-rollback', 'last');
  refuses(refusal, 'identity', 'recover');
});

it('a state of a newer layout is left alone before anything is fetched', () => {
  const { state, refuses, edit } = shared;
  edit(join(state, 'format.json'), () => '{"layout": 2}\n');
  refuses({ code: 'E_LAYOUT_NEWER', names: 'newer' }, 'identity-install', 'helper');
  refuses({ code: 'E_LAYOUT_NEWER', names: 'newer' }, 'identity-rollback', 'last');
});

it('a format that cannot be read is damage of the home, and the hint says what it holds', () => {
  const { state, refuses, edit } = shared;
  edit(join(state, 'format.json'), () => '{"layout":');
  for (const program of ['identity-install', 'identity-rollback'] as const) {
    const args = program === 'identity-install' ? ['helper'] : ['last'];
    refuses({ code: 'E_FORMAT_DAMAGED', names: '{"layout":1}' }, program, ...args);
  }
});

describe('a reference that leads elsewhere', () => {
  it.each(['../../victim', '/etc/passwd', '..', '../../victim@last', 'x\u001b[2J', '2026*', '-'])(
    '%j is none',
    (reference) => {
      const { refuses } = shared;
      refuses({ code: 'E_REF_UNKNOWN', names: '--list' }, 'identity-rollback', reference);
    },
  );

  it.each(['../../victim', '/etc/passwd', '..', '.', 'a/../../b', 'a//b', ''])(
    'the path %j is none',
    (path) => {
      const { refuses } = shared;
      refuses({ code: 'E_USAGE' }, 'identity-rollback', 'last', `--path=${path}`);
    },
  );
});

it('names in our books that a terminal obeys are shown escaped', () => {
  const { instance, run, state } = openBooks(temporaryDirectory());
  appendFileSync(join(instance, 'evil\u001b]0;x\u0007\u202e.md'), 'mine\n');
  run(
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
    expectPlainText(run('identity', ...args));
  }
  expectPlainText(run('identity-rollback', 'last', '--verbose'));
  expect(readdirSync(join(state, 'journal'))).toEqual([]);
  expect(Object.keys(treeOf(instance)).join()).toContain('evil');
});
