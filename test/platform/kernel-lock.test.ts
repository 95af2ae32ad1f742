import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createKernelLocks } from '../../src/platform/kernel-lock.ts';
import type { HeldLock, LockHolder } from '../../src/platform/lock.ts';
import { errnoThrownBy } from '../support/file-system-subject.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const locks = createKernelLocks();
const holder: LockHolder = {
  pid: 42,
  host: 'here',
  command: 'identity-install code-reviewer',
  since: '2026-11-20T23:59:59.000Z',
};

function lockOrFail(path: string): HeldLock {
  const attempt = locks.tryLock(path, holder);
  if (attempt.kind !== 'held') throw new Error(`${path} is ${attempt.kind}`);
  return attempt.lock;
}

/** Starts another process and waits until it says what became of its attempt. */
async function otherProcess(path: string): Promise<{ said: string; child: ChildProcess }> {
  const script = fileURLToPath(new URL('../support/lock-holder.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { said: said.toString().trim(), child };
}

test('a second attempt in this process is busy and learns who holds it', () => {
  const path = `${temporaryDirectory()}/lock`;
  const lock = lockOrFail(path);
  expect(locks.tryLock(path, { ...holder, pid: 43 })).toEqual({ kind: 'busy', holder });
  lock.release();
  lockOrFail(path).release();
});

test('the file is private and stays', () => {
  const path = `${temporaryDirectory()}/lock`;
  lockOrFail(path).release();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a shorter holder leaves nothing of a longer one before it', () => {
  const path = `${temporaryDirectory({ lock: 'x'.repeat(5000) })}/lock`;
  lockOrFail(path).release();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(holder);
});

test.each(['', '{"pid":42,"ho', '[]', '{"pid":"42"}', 'null'])(
  'a lock file that reads %j names no holder',
  (content) => {
    const path = `${temporaryDirectory()}/lock`;
    const lock = lockOrFail(path);
    writeFileSync(path, content);
    expect(locks.tryLock(path, holder)).toEqual({ kind: 'busy', holder: undefined });
    lock.release();
  },
);

test('another process sees the lock, and gets it once it is released', async () => {
  const path = `${temporaryDirectory()}/lock`;
  const lock = lockOrFail(path);
  expect((await otherProcess(path)).said).toBe('busy');
  lock.release();
  expect((await otherProcess(path)).said).toBe('held');
});

test('a lock that another process holds is busy until that process is killed', async () => {
  const path = `${temporaryDirectory()}/lock`;
  const { said, child } = await otherProcess(path);
  expect(said).toBe('held');
  expect(locks.tryLock(path, holder).kind).toBe('busy');
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockOrFail(path).release();
});

test('releasing twice does not release the lock of the next holder', () => {
  const path = `${temporaryDirectory()}/lock`;
  const first = lockOrFail(path);
  first.release();
  const second = lockOrFail(path);
  first.release();
  expect(locks.tryLock(path, holder).kind).toBe('busy');
  second.release();
});

test('a lock file that is a link is refused, its target untouched', () => {
  const root = temporaryDirectory({ victim: 'mine' });
  symlinkSync(`${root}/victim`, `${root}/lock`);
  expect(errnoThrownBy(() => locks.tryLock(`${root}/lock`, holder))).toBe('ELOOP');
  expect(readFileSync(`${root}/victim`, 'utf8')).toBe('mine');
});

test('a lock on a file that was removed by hand does not bar the next one', () => {
  const path = `${temporaryDirectory()}/lock`;
  const orphan = lockOrFail(path);
  unlinkSync(path);
  const lock = lockOrFail(path);
  expect(locks.tryLock(path, holder).kind).toBe('busy');
  lock.release();
  orphan.release();
});
