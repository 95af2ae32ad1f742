import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VerifyHomeRun } from '../../src/inspection/verify/verify-home.ts';
import { openBooks } from '../support/hostile-books.ts';
import { expectRefused, homeState } from '../support/hostile-scene.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { jsonOf, startIn } from '../support/program.ts';
import { treeOf } from '../support/tree.ts';

// What only another user than root meets, so that the programs run as one.

type Books = Awaited<ReturnType<typeof openBooks>>;

const asRoot = { skip: process.getuid?.() !== 0 };

describe('an instance', () => {
  it('that cannot be read is refused', asRoot, async () => {
    const { directory, home, repository } = await openWaiting();
    const stranger = 54321;
    execFileSync('chown', ['-R', `${stranger}:${stranger}`, directory]);
    chmodSync(directory, 0o755);
    const file = join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md');
    chmodSync(file, 0);
    const act =
      (...args: string[]) =>
      () =>
        startIn(
          { directory: join(directory, 'person'), uid: stranger },
          'identity-install',
          'helper',
          '--home',
          home,
          ...args,
        );
    await expectRefused(act(), { code: 'E_INSTANCE_UNREADABLE', names: 'IDENTITY_PROMPT.md' }, [
      home,
    ]);
    chmodSync(file, 0o644);
    lchownSync(repository.path, 0, 0);
    await expectRefused(act(), { code: 'E_SOURCE_FOREIGN' }, [home]);
    chownSync(repository.path, stranger, stranger);
    chmodSync(repository.path, 0);
    await expectRefused(act('--from', repository.path), { code: 'E_SOURCE_UNREACHABLE' }, [home]);
    chmodSync(repository.path, 0o755);
    for (const [path, code] of [
      [join(home, 'instances'), 'E_HOME_READ_ONLY'],
      [join(home, '.identity-install', 'record'), 'E_HOME_READ_ONLY'],
      [join(home, '.identity-install'), 'E_HOME_READ_ONLY'],
      [home, 'E_HOME_UNSAFE'],
    ] as const) {
      chmodSync(path, 0);
      await expectRefused(act(), { code }, [home]);
      chmodSync(path, 0o700);
    }
  });
});

describe('a home', () => {
  it('that is read-only is refused', asRoot, async () => {
    const { home, directory, state } = await openWaiting();
    execFileSync('chown', ['-R', '54321', directory]);
    chmodSync(directory, 0o755);
    chmodSync(join(home, 'instances'), 0o500);
    chmodSync(join(state, 'journal'), 0o500);
    const person = { directory: join(directory, 'person'), uid: 54321 };
    const act = () => startIn(person, 'identity-install', 'helper', '--merge', '--home', home);
    await expectRefused(act, { code: 'E_HOME_READ_ONLY' }, [home]);
    chmodSync(join(state, 'journal'), 0o700);
    const inside = join(home, 'instances', 'sub');
    const below = () => startIn(person, 'identity-install', '--home', inside);
    await expectRefused(below, { code: 'E_HOME_READ_ONLY' }, [home]);
  });
});

describe('a home that cannot be written', () => {
  function readOnly(books: Books) {
    execFileSync('chown', ['-R', '54321', books.directory]);
    chmodSync(books.directory, 0o755);
    for (const name of ['lock', 'releases.lock']) chmodSync(join(books.state, name), 0o400);
    chmodSync(join(books.state, 'journal'), 0o500);
    const person = { directory: join(books.directory, 'person'), uid: 54321 };
    return (...args: string[]) => startIn(person, 'identity', ...args, '--home', books.home);
  }

  it('is verified as it is, without lock and without report', asRoot, async () => {
    const books = await openBooks();
    const identity = readOnly(books);
    const before = homeState(books.home);
    const all = await identity('verify', '--all');
    expect([all.status, all.stderr]).toEqual([0, '']);
    expect(all.stdout).toContain('The home cannot be written; it was read without its lock.');
    const one = await identity('verify', 'helper');
    expect([one.status, one.stderr]).toEqual([0, '']);
    expect(one.stdout).toContain('The home cannot be written; it was read without its lock.');
    expect(homeState(books.home)).toEqual(before);
  });

  it(
    'in which an operation is not settled has it reported, and the rest checked',
    asRoot,
    async () => {
      const books = await openBooks();
      const ref = '20990101-000000-abcdef';
      const journal = join(books.state, 'journal', ref);
      const displaced = join(books.state, 'displaced', books.last, 'intent.json');
      mkdirSync(journal);
      const intent = JSON.parse(readFileSync(displaced, 'utf8')) as object;
      writeFileSync(join(journal, 'intent.json'), JSON.stringify({ ...intent, ref }));
      const identity = readOnly(books);
      const told = jsonOf(await identity('verify', '--all', '--json')) as VerifyHomeRun;
      expect(told).toMatchObject({
        exitCode: 1,
        locked: false,
        reason: 'E_HOME_READ_ONLY',
        problems: [{ code: 'JOURNAL_PENDING', severity: 'warn', path: journal, ref, id: 'helper' }],
        checked: { snapshots: 1 },
      });
    },
  );
});

describe('a file of an instance', () => {
  it(
    'that is read-only in a directory that is too is replaced where that is allowed, else not',
    asRoot,
    async () => {
      const { instance, directory, home } = await openWaiting();
      execFileSync('chown', ['-R', '54321:54321', directory]);
      chmodSync(directory, 0o755);
      const person = { directory: join(directory, 'person'), uid: 54321 };
      const install = () =>
        startIn(person, 'identity-install', ...['helper', '--replace', '--backup', '--home', home]);
      const before = treeOf(instance);
      chmodSync(instance, 0o555);
      const refused = await install();
      expect(refused.status).toBe(3);
      expect(refused.stderr).toMatch(/E_HOME_READ_ONLY.*instances\/helper/s);
      chmodSync(instance, 0o755);
      expect(treeOf(instance)).toEqual(before);
      chmodSync(join(instance, 'IDENTITY_PROMPT.md'), 0o444);
      const replaced = await install();
      expect(replaced.status, replaced.stderr).toBe(0);
      expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
      expect(statSync(join(instance, 'IDENTITY_PROMPT.md')).mode & 0o777).toBe(0o444);
    },
  );
});
