import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ErrorCode } from '../../src/core/error-codes.ts';
import { createKernelLocks } from '../../src/platform/kernel-lock.ts';
import { expectRefused } from '../support/hostile-scene.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { startIn, type Program } from '../support/program.ts';

const asRoot = { skip: process.getuid?.() !== 0 };
const owner = 54321;
const other = 54322;
const holder = { pid: 4711, host: 'elsewhere', command: 'identity-install x', since: 'today' };

/** A home of an ordinary user, in which v2.0.0 waits; each run says as whom. */
async function openHomeOfAnother() {
  const { directory, home, state } = await openWaiting(startIn);
  execFileSync('chown', ['-R', `${owner}:${owner}`, directory]);
  chmodSync(directory, 0o755);
  const person = join(directory, 'person');
  const runAs = (uid: number, program: Program, ...args: string[]) =>
    startIn({ directory: person, uid }, program, ...args, '--home', home);
  return { home, state, runAs };
}

const replace = ['identity-install', 'helper', '--replace', '--backup'] as const;

/** What can be asked of a home. */
const commands: readonly (readonly [Program, ...string[]])[] = [
  ['identity-install', 'helper', '--plan'],
  replace,
  ['identity-rollback', 'last'],
  ['identity', 'recover'],
  ['identity', 'verify', '--all'],
];

describe('a home of one user', asRoot, () => {
  it.each([
    ['root', 0],
    ['a third user', other],
  ])('is refused to %s by every command, and serves its owner afterwards', async (_who, uid) => {
    const { home, runAs } = await openHomeOfAnother();
    for (const [program, ...args] of commands) {
      const act = () => runAs(uid, program, ...args);
      await expectRefused(act, { code: 'E_HOME_FOREIGN', names: `uid ${owner}` }, [home]);
    }
    for (const [program, ...args] of commands) {
      const { status, stderr } = await runAs(owner, program, ...args);
      expect(status, `${program} ${args.join(' ')}: ${stderr}`).toBe(0);
    }
  });

  it('is locked for its owner while a process of root holds the lock', async () => {
    const { home, state, runAs } = await openHomeOfAnother();
    const attempt = createKernelLocks().tryLock(join(state, 'lock'), holder);
    if (attempt.kind !== 'held') throw new Error('the lock should have been free');
    const act = () => runAs(owner, ...replace);
    await expectRefused(act, { code: 'E_HOME_LOCKED', names: 'process 4711' }, [home]);
    attempt.lock.release();
    expect((await act()).status).toBe(0);
    expect(lstatSync(join(state, 'lock')).uid).toBe(owner);
  });

  it('is locked for root while a process of its owner holds the lock', async () => {
    const lock = join((await openHomeOfAnother()).state, 'lock');
    const script = fileURLToPath(new URL('../support/lock-holder.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, lock], { uid: owner, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    // One that cannot even start says nothing and ends.
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(said).toBe('held\n');
    expect(createKernelLocks().tryLock(lock, holder).kind).toBe('busy');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const attempt = createKernelLocks().tryLock(lock, holder);
    expect(attempt.kind).toBe('held');
    if (attempt.kind === 'held') attempt.lock.release();
  });

  it.each<[string, ErrorCode]>([
    ['lock', 'E_HOME_READ_ONLY'],
    ['format.json', 'E_HOME_READ_ONLY'],
    ['ledger.jsonl', 'E_HOME_FOREIGN'],
    ['record/helper.json', 'E_HOME_READ_ONLY'],
    ['record', 'E_HOME_FOREIGN'],
    ['journal', 'E_HOME_FOREIGN'],
    ['snapshots', 'E_HOME_FOREIGN'],
    ['evidence', 'E_HOME_FOREIGN'],
    ['displaced', 'E_HOME_FOREIGN'],
    ['reports', 'E_HOME_FOREIGN'],
    ['releases.lock', 'E_HOME_READ_ONLY'],
    ['releases.git/config', 'E_HOME_READ_ONLY'],
    ['releases.git/HEAD', 'E_IO'],
  ])(
    'in which only root can use %s is refused to its owner, who is told where',
    async (name, code) => {
      const { home, state, runAs } = await openHomeOfAnother();
      const path = join(state, name);
      chownSync(path, 0, 0);
      chmodSync(path, lstatSync(path).isDirectory() ? 0o700 : 0o600);
      const act = () => runAs(owner, ...replace);
      const named = name.startsWith('releases.git') ? join(state, 'releases.git') : path;
      await expectRefused(act, { code, names: named }, [home]);
      chownSync(path, owner, owner);
      expect((await act()).status).toBe(0);
    },
  );

  it('in which root wrote the ledger is refused to its owner before anything is begun', async () => {
    const { home, state, runAs } = await openHomeOfAnother();
    const ledger = join(state, 'ledger.jsonl');
    chownSync(ledger, 0, 0);
    chmodSync(ledger, 0o644);
    await expectRefused(() => runAs(owner, ...replace), { code: 'E_HOME_FOREIGN', names: ledger }, [
      home,
    ]);
  });

  it('in which only root can read a pack file is refused to its owner, who is told which', async () => {
    const { home, runAs } = await openHomeOfAnother();
    const path = join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md');
    chownSync(path, 0, 0);
    chmodSync(path, 0o600);
    const act = () => runAs(owner, ...replace);
    await expectRefused(act, { code: 'E_INSTANCE_UNREADABLE', names: 'IDENTITY_PROMPT.md' }, [
      home,
    ]);
  });
});
