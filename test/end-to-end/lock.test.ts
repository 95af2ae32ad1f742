import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKernelLocks } from '../../src/platform/kernel-lock.ts';
import { run, start } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

test('a second run on a busy home exits 3, names the holder and changes nothing', () => {
  const home = join(temporaryDirectory(), 'home');
  expect(run('identity-install', '--home', home).status).toBe(0);
  const holder = { pid: 4711, host: 'elsewhere', command: 'identity-install x', since: 'today' };
  const held = createKernelLocks().tryLock(join(home, '.identity-install', 'lock'), holder);
  if (held.kind !== 'held') throw new Error('the lock should have been free');
  const before = treeOf(join(home, 'instances'));
  const second = run('identity-install', '--home', home, '--replace', '--backup');
  expect(second.status).toBe(3);
  expect(second.stderr).toMatch(/E_HOME_LOCKED.*4711.*elsewhere.*identity-install x/s);
  expect(treeOf(join(home, 'instances'))).toEqual(before);
  held.lock.release();
  expect(run('identity-install', '--home', home).status).toBe(0);
});

test('of runs started at once on one home, each ends with 0 or 3, and the ledger is whole', async () => {
  const home = join(temporaryDirectory(), 'home');
  const children = Array.from({ length: 6 }, () => start('identity-install', '--home', home));
  const codes = await Promise.all(
    children.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
  );
  expect(codes.filter((code) => code !== 0 && code !== 3)).toEqual([]);
  expect(codes).toContain(0);
  const verified = run('identity', 'verify', '--home', home);
  expect(verified.status).toBe(0);
});
