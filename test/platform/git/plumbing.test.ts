import { chmodSync, existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { InstallError } from '../../../src/core/errors.ts';
import { createGit } from '../../../src/platform/git/adapter.ts';
import type { Git } from '../../../src/platform/git.ts';
import { canLimitDescriptors, withoutDescriptors } from '../../support/descriptors.ts';
import { testEnvironment } from '../../support/release-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** A `git` of a few lines of shell in the place of the real one; `$0.log` is for what it notes. */
function fakeGit(script: string): { readonly git: Git; readonly log: string } {
  const directory = temporaryDirectory();
  const program = join(directory, 'git');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const variables = {
    PATH: `${directory}:/usr/bin:/bin`,
    HOME: directory,
    https_proxy: 'http://p',
  };
  return { git: createGit(testEnvironment({ variables })), log: `${program}.log` };
}

const newStore = () => join(temporaryDirectory(), 'store.git');

/** Both calls that go through simple-git. */
const calls: readonly [string, (git: Git, signal?: AbortSignal) => Promise<void>][] = [
  ['making the store', (git, signal) => git.createStore(newStore(), signal)],
  [
    'writing refs',
    (git, signal) => git.updateRefs(newStore(), new Map([['refs/x', '0'.repeat(40)]]), signal),
  ],
];

async function refusal(work: Promise<unknown>): Promise<InstallError> {
  try {
    await work;
  } catch (error) {
    return error as InstallError;
  }
  throw new Error('nothing was thrown');
}

describe.each(calls)('%s', (_name, call) => {
  test.each([
    ['was killed', 'kill -KILL $$'],
    ['was interrupted', 'kill -INT $$'],
    ['was killed after it said something', 'echo done; kill -KILL $$'],
    ['failed without a word', 'exit 1'],
    ['failed after it said something', 'echo done; exit 1'],
    ['failed with a reason', 'echo "fatal: no such thing" >&2; exit 128'],
  ])('is not done by a git that %s', async (_how, script) => {
    const error = await refusal(call(fakeGit(script).git));
    expect(error).toMatchObject({ code: 'E_IO', details: { reason: 'other' } });
  });

  test('says git’s own reason', async () => {
    const { git } = fakeGit('echo "fatal: No space left on device" >&2; exit 128');
    expect(await refusal(call(git))).toMatchObject({ code: 'E_NO_SPACE' });
    const other = fakeGit('echo done; echo "fatal: no such thing" >&2; exit 128');
    expect((await refusal(call(other.git))).message).toContain('(git: fatal: no such thing)');
  });

  test('reads what is said to the end, also when git has ended before', async () => {
    const { git } = fakeGit('(sleep 0.3; echo "fatal: said late" >&2) & exit 1');
    expect((await refusal(call(git))).message).toContain('said late');
  });

  test('ends with a git that prints without end', async () => {
    expect(await refusal(call(fakeGit('exec yes').git))).toMatchObject({ code: 'E_IO' });
  });

  test('ends when it is to stop, and its git with it', async () => {
    const { git, log } = fakeGit(
      'echo $$ > "$0.log.new"; mv "$0.log.new" "$0.log"; exec sleep 600',
    );
    const stop = new AbortController();
    const ending = refusal(call(git, stop.signal));
    await appeared(log);
    stop.abort();
    expect(await ending).toMatchObject({ code: 'E_INTERRUPTED' });
    const pid = Number(readFileSync(log, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await refusal(call(git, stop.signal))).toMatchObject({ code: 'E_INTERRUPTED' });
  });

  test('gives git what every git gets, but for what is only for transports', async () => {
    const script = 'env > "$0.log"; pwd >> "$0.log"; echo "args $*" >> "$0.log"; echo done';
    const [ours, direct] = [fakeGit(script), fakeGit(script)];
    await call(ours.git);
    await direct.git.refs(newStore(), 'refs/');
    const [seen, every] = [ours.log, direct.log].map((log) =>
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => !/^(PATH|HOME|GIT_DIR|_|PWD|OLDPWD|SHLVL)=/.test(line))
        .map((line) => line.replace(/^(args .*maintenance\.auto=false) .*/, '$1'))
        .sort(),
    );
    expect(every).toContain('/');
    expect(every).toContain('GIT_NO_REPLACE_OBJECTS=1');
    expect(every?.find((line) => line.startsWith('args'))).toContain('core.hooksPath=/dev/null');
    const transports = /^GIT_(ASKPASS|SSH_COMMAND|SSH_VARIANT)=/;
    expect(seen).toEqual(
      [
        ...(every ?? []).filter((line) => !transports.test(line)),
        // Its own: options must be written out.
        'GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS=true',
      ].sort(),
    );
  });

  test.runIf(canLimitDescriptors)('is refused where no more files may be opened', async () => {
    const { git } = fakeGit('echo done');
    await call(git);
    let failed: unknown;
    await withoutDescriptors(async () => {
      failed = await refusal(call(git));
    });
    expect(failed).toMatchObject({ code: 'EMFILE' });
  });
});

/** Settles once the file is there. */
async function appeared(path: string): Promise<void> {
  const directory = join(path, '..');
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(directory, () => look());
    watcher.on('error', reject);
    const look = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    };
    look();
  });
}
