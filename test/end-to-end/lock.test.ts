import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { VerifyRun } from '../../src/inspection/verify/verify.ts';
import { createKernelLocks } from '../../src/platform/kernel-lock.ts';
import type { HeldLock } from '../../src/platform/lock.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { isStopped } from '../support/process-state.ts';
import { jsonOf, launchIn, run, type Running } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const holder = { pid: 4711, host: 'elsewhere', command: 'identity-install x', since: 'today' };

function installedHome(): string {
  const home = join(temporaryDirectory(), 'home');
  expect(run('identity-install', '--home', home).status).toBe(0);
  return home;
}

/** Holds the home's lock from this process, as another run would from its own. */
function holdLock(home: string): HeldLock {
  const attempt = createKernelLocks().tryLock(join(home, '.identity-install', 'lock'), holder);
  if (attempt.kind !== 'held') throw new Error('the lock should have been free');
  onTestFinished(() => attempt.lock.release());
  return attempt.lock;
}

/** Starts a run that sends itself the signal in the midst of its journal: all is staged by then. */
function launchIntoJournal(signal: NodeJS.Signals, ...args: string[]): Running {
  const signalAt = { signal, at: /^openSync .*\/journal\/.*\/commit/ };
  const person = { directory: temporaryDirectory(), signalAt };
  const running = launchIn(person, 'identity-install', ...args);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

/** Done when the program has said this on standard error. */
async function hasSaid({ child, stderr }: Running, words: string): Promise<void> {
  while (!stderr().includes(words)) {
    const ended = once(child, 'close').then(() => {
      throw new Error(`It ended, and said: ${stderr()}`);
    });
    await Promise.race([once(child.stderr!, 'data'), ended]);
  }
}

test('a second run on a busy home exits 3, names the holder and changes nothing', () => {
  const home = installedHome();
  const lock = holdLock(home);
  const before = treeOf(join(home, 'instances'));
  const second = run('identity-install', '--home', home, '--replace', '--backup');
  expect(second.status).toBe(3);
  expect(second.stderr).toMatch(/E_HOME_LOCKED.*4711.*elsewhere.*identity-install x/s);
  expect(treeOf(join(home, 'instances'))).toEqual(before);
  lock.release();
  expect(run('identity-install', '--home', home).status).toBe(0);
});

describe('--wait', () => {
  test.each([
    ['identity-install', []],
    ['identity-rollback', ['last']],
    ['identity', ['verify']],
    ['identity', ['recover']],
  ] as const)(
    'lets %s %j go on when the home is free, naming who it waits for',
    async (program, args) => {
      const home = installedHome();
      const lock = holdLock(home);
      const person = { directory: temporaryDirectory() };
      const waiting = launchIn(person, program, ...args, '--home', home, '--wait', '600', '--json');
      await hasSaid(waiting, '4711');
      // The holder becomes another: who goes on trying names it, too.
      const file = openSync(join(home, '.identity-install', 'lock'), 'r+');
      writeSync(file, `${JSON.stringify({ ...holder, pid: 4712 })}\n`, 0);
      closeSync(file);
      await hasSaid(waiting, '4712');
      expect(waiting.child.exitCode).toBeNull();
      lock.release();
      const ran = await waiting.ended;
      expect(ran.stderr).toMatch(
        /^(Waiting up to 600 s for process 471[12] on elsewhere .*\.\n){2}$/,
      );
      expect(ran.status).toBe(0);
      expect(jsonOf(ran)).toBeInstanceOf(Object);
    },
  );

  test('gives up after that time with E_HOME_LOCKED', () => {
    const home = installedHome();
    holdLock(home);
    const ran = run('identity', 'verify', '--home', home, '--wait', '1');
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/^Waiting up to 1 s for process 4711 .*E_HOME_LOCKED.*4711/s);
    const atOnce = run('identity', 'verify', '--home', home, '--wait', '0');
    expect(atOnce.status).toBe(3);
    expect(atOnce.stderr).not.toContain('Waiting');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends at once with 130 on %s',
    async (signal) => {
      const home = installedHome();
      const before = treeOf(home);
      holdLock(home);
      const held = treeOf(home);
      const person = { directory: temporaryDirectory() };
      const waiting = launchIn(
        person,
        'identity-rollback',
        'last',
        '--home',
        home,
        '--wait',
        '600',
      );
      await hasSaid(waiting, '4711');
      waiting.child.kill(signal);
      const ran = await waiting.ended;
      expect(ran.status).toBe(130);
      expect(ran.stderr).toContain('E_INTERRUPTED');
      expect(treeOf(home)).toEqual(held);
      expect(Object.keys(before)).toEqual(Object.keys(held));
    },
  );

  test.each(['', '-1', '1.5', '1e3', '0x10', '007', ' 5', '86401', '99999999999', 'soon'])(
    'does not take %j',
    (value) => {
      const ran = run('identity', 'verify', `--wait=${value}`);
      expect(ran.status).toBe(2);
      expect(ran.stderr).toContain('--wait');
    },
  );
});

describe('the holder of the lock', () => {
  const pack = () => twoReleases(50);
  const replace = (from: string, home: string) => [
    'helper',
    '--from',
    from,
    '--home',
    home,
    '--replace',
    '--backup',
  ];

  test('that was killed holds it no longer: the next command settles what it left and goes on', async () => {
    const from = pack();
    const home = join(temporaryDirectory(), 'home');
    run('identity-install', 'helper', '--from', from, '--release', 'v1.0.0', '--home', home);
    const killed = await launchIntoJournal('SIGKILL', ...replace(from, home)).ended;
    expect(killed.status).toBeNull();
    const next = run('identity-install', ...replace(from, home), '--json');
    expect(next.status, next.stderr).toBe(0);
    expect(next.stdout).toMatch(/"recovered": ?\[\s*\{/);
    const verified = run('identity', 'verify', '--home', home, '--json');
    expect(verified.status).toBe(0);
    expect((jsonOf(verified) as VerifyRun).identities[0]?.release.tag).toBe('v2.0.0');
  });

  const onLinux = process.platform === 'linux';
  test.runIf(onLinux)(
    'that was stopped is never robbed, and finishes when it is continued',
    async () => {
      const from = pack();
      const home = join(temporaryDirectory(), 'home');
      run('identity-install', 'helper', '--from', from, '--release', 'v1.0.0', '--home', home);
      const running = launchIntoJournal('SIGSTOP', ...replace(from, home));
      await isStopped(running.child.pid ?? 0);
      const stopped = treeOf(home);
      const next = run('identity-rollback', 'last', '--home', home, '--wait', '1');
      expect(next.status).toBe(3);
      expect(next.stderr).toContain(`process ${running.child.pid}`);
      expect(treeOf(home)).toEqual(stopped);
      running.child.kill('SIGCONT');
      expect((await running.ended).status).toBe(0);
      expect(run('identity', 'verify', '--home', home).status).toBe(0);
    },
  );
});

describe('fifty runs started at once on one home', () => {
  const bursts = { without: [], with: ['--wait', '3600'] } as const;

  /** Two identities in both releases, over and over, and recoveries in between. */
  async function burst(home: string, from: string, options: readonly string[]) {
    const directory = temporaryDirectory();
    const commands = Array.from({ length: 50 }, (_none, index) => {
      const where = ['--home', home, ...options];
      if (index % 5 === 4) return launchIn({ directory }, 'identity', 'recover', ...where);
      const wish =
        [
          ['code-reviewer'],
          ['helper', '--from', from],
          [
            'helper',
            '--from',
            from,
            '--release',
            'v1.0.0',
            '--allow-downgrade',
            '--replace',
            '--backup',
          ],
          ['helper', '--from', from, '--replace', '--backup'],
        ][index % 5] ?? [];
      return launchIn({ directory }, 'identity-install', ...wish, ...where);
    });
    return await Promise.all(commands.map(({ ended }) => ended));
  }

  test.each(['without', 'with'] as const)('%s --wait change it one at a time', async (how) => {
    const home = join(temporaryDirectory(), 'home');
    const from = twoReleases(5);
    const ran = await burst(home, from, bursts[how]);
    const allowed = how === 'with' ? [0] : [0, 3];
    for (const { status, stderr } of ran) expect(allowed, stderr).toContain(status);
    const refused = ran.filter(({ status }) => status === 3);
    for (const { stderr } of refused) expect(stderr).toContain('E_HOME_LOCKED');
    expect(ran.map(({ status }) => status)).toContain(0);
    expect(run('identity', 'verify', '--home', home).status).toBe(0);
    const ledger = readFileSync(join(home, '.identity-install', 'ledger.jsonl'), 'utf8');
    const refs = ledger
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { ref: string }).ref);
    expect([...new Set(refs)].sort()).toEqual(refs);
    const state = treeOf(join(home, '.identity-install'));
    expect(Object.keys(state).filter((path) => /^journal\/|\.new$/.test(path))).toEqual([]);
  });
});
