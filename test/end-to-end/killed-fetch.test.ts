import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { birthOf } from '../../src/platform/process-mark.ts';
import { serve } from '../support/git-server.ts';
import { openScene, soundPack } from '../support/hostile-scene.ts';
import {
  leftovers,
  offerRelease,
  packOf,
  packPreamble,
  sendsRelease,
} from '../support/hostile-server.ts';
import { launchIn, startIn } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

describe('a run that is killed while its server stalls', () => {
  /** Kills a run in the middle of its pack; the server can send the rest later. */
  async function killMidway() {
    const own = await openScene(startIn);
    const offered = offerRelease(own.repository, { ...soundPack, 'new.md': 'new\n' });
    const pidFile = join(own.state, 'releases.pid');
    let finish = (): void => undefined;
    const stalled = new Promise<void>((stalls) => {
      finish = stalls;
    });
    let sendRest = (): Promise<unknown> => Promise.resolve();
    const address = await serve(
      sendsRelease(
        () => offered,
        (_request, response) => {
          const pack = packOf(own.repository, offered.objects);
          const whole = Buffer.concat([packPreamble(offered.commit), pack]);
          response.write(whole.subarray(0, whole.length - 50));
          const closed = once(response, 'close');
          sendRest = () => {
            response.end(whole.subarray(whole.length - 50));
            return closed;
          };
          finish();
        },
      ),
    );
    const args = ['--from', `${address}/source.git`, '--allow-http', '--home', own.home];
    const person = { directory: temporaryDirectory() };
    const { child, ended } = launchIn(person, 'identity-install', 'helper', ...args);
    await stalled;
    child.kill('SIGKILL');
    await ended;
    const pid = Number(/"pid":(\d+)/.exec(readFileSync(pidFile, 'utf8'))?.[1]);
    onTestFinished(() => {
      if (birthOf(pid) !== undefined) process.kill(-pid, 'SIGKILL');
    });
    return { ...own, offered, pid, pidFile, sendRest: () => sendRest() };
  }

  test('leaves a git that the next run ends first, so that it writes no ref any more', async () => {
    const {
      offered,
      pid,
      pidFile,
      run: runOn,
      repository,
      state,
      instance,
      sendRest,
    } = await killMidway();
    expect(birthOf(pid)).toBeDefined();
    const before = treeOf(instance);
    repository.annotate('v1.1.0', repository.git('rev-parse', 'v1.0.0^{commit}'));
    expect((await runOn('identity-install', 'helper', '--plan')).status).toBe(0);
    expect(birthOf(pid)).toBeUndefined();
    expect(readFileSync(pidFile, 'utf8')).toBe('');
    expect(leftovers(state)).toEqual([]);
    // What is sent now finds nobody: the connection is closed with whoever had it.
    await sendRest();
    const store = `--git-dir=${join(state, 'releases.git')}`;
    expect(repository.git(store, 'for-each-ref')).not.toContain(offered.commit);
    expect(treeOf(instance)).toEqual(before);
    expect((await runOn('identity-install', 'helper')).status).toBe(0);
  });

  test('leaves at most a reference that no run takes for a release, when git comes to its end', async () => {
    const { offered, pid, run: runOn, repository, state, sendRest } = await killMidway();
    await sendRest();
    while (birthOf(pid) !== undefined) await sleep(50);
    const store = `--git-dir=${join(state, 'releases.git')}`;
    const kept = repository.git(store, 'for-each-ref', 'refs/sources/', 'refs/pins/');
    expect(kept).not.toContain(offered.commit);
    const ran = await runOn('identity-install', 'helper', '--offline', '--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ release: { tag: 'v1.0.0' } });
    repository.annotate('v1.1.0', repository.git('rev-parse', 'v1.0.0^{commit}'));
    expect((await runOn('identity-install', 'helper')).status).toBe(0);
    expect(leftovers(state)).toEqual([]);
  });
});
