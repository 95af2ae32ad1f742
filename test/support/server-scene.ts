import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { errorCodes } from '../../src/core/error-codes.ts';
import { install } from '../../src/operations/install/install.ts';
import type { ReleaseContext } from '../../src/release/context.ts';
import { serve, type Answer } from './git-server.ts';
import { hintOf } from './hint-of.ts';
import {
  expectRefused,
  homeState,
  makeScene,
  soundPack,
  type HostileScene,
  type Refusal,
} from './hostile-scene.ts';
import {
  advertisement,
  leftovers,
  offerRelease,
  packPreamble,
  sendsRelease,
  type OfferedRelease,
} from './hostile-server.ts';
import { jsonOf, type Ran } from './program.ts';
import { runStartingGit } from './run-in-process.ts';
import { suiteDirectory } from './temporary-directory.ts';
import { treeOf } from './tree.ts';
import { openWorkshop, requestOf } from './workshop.ts';

/** A home with a release of `helper`, and servers with another one, each of its own kind of hostile. */
export interface ServerScene {
  readonly directory: string;
  /** Set when the tests run. */
  readonly scene: HostileScene;
  /** A release that the servers announce, and its objects: another one for each test. */
  readonly offered: OfferedRelease;
  readonly run: (address: string, ...args: string[]) => Promise<Ran>;
  /** The list of refs with the offered release. */
  readonly announced: () => Buffer;
  /** A server that announces the offered release, and sends this for its pack. */
  readonly sends: (pack: Answer, capabilities?: string) => Answer;
  readonly sendsPack: (make: () => Buffer) => Answer;
  /** Refused with nothing changed and nothing left behind, and the next honest install works. */
  readonly refuses: (answer: Answer, refusal: Refusal, ...args: string[]) => Promise<Ran>;
  /** The same with bounds that a test can reach; in a home of its own. */
  readonly refusedWithin: (
    answer: Answer,
    bounds: Pick<ReleaseContext, 'idleMs' | 'fetchBytes'>,
  ) => Promise<InstallError>;
}

/** One for all tests of a file; called where those are declared. git is started, as it is for users. */
export function suiteOfServers(): ServerScene {
  const directory = suiteDirectory();
  let scene: HostileScene;
  let offered: OfferedRelease;
  let honest: string;
  let releases = 0;

  beforeAll(async () => {
    scene = await makeScene(directory, runStartingGit);
    honest = scene.repository.git('rev-parse', 'v1.0.0^{commit}');
  });

  // Each test its own, so that no object of it is in the store already.
  beforeEach(({ task }) => {
    offered = offerRelease(scene.repository, { ...soundPack, 'new.md': `${task.id}\n` });
  });

  const run: ServerScene['run'] = (address, ...args) => {
    const from = ['--from', `${address}/source.git`, '--allow-http', '--home', scene.home];
    const person = { directory: join(directory, 'person') };
    return runStartingGit(person, 'identity-install', 'helper', ...from, ...args);
  };

  const sends: ServerScene['sends'] = (pack, capabilities) =>
    sendsRelease(() => offered, pack, capabilities);

  /** The refs by which the store keeps releases; git writes each to a file of its own. */
  const keptRefs = () =>
    treeOf(join(scene.state, 'releases.git', 'refs'), (path) => path.startsWith('incoming'));

  /** The next run, from a source that is sound, fetches a new release. */
  async function expectHonestInstall(): Promise<void> {
    const { repository, run: runOn } = scene;
    releases += 1;
    repository.annotate(`v1.${releases}.0`, honest);
    const ran = await runOn('identity-install', 'helper', '--from', repository.path, '--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(jsonOf(ran)).toMatchObject({ release: { tag: `v1.${releases}.0` } });
  }

  return {
    directory,
    get scene() {
      return scene;
    },
    get offered() {
      return offered;
    },
    run,
    announced: () => advertisement([[`refs/tags/${offered.tag}`, offered.commit]]),
    sends,
    sendsPack: (make) =>
      sends((_request, response) => {
        response.end(Buffer.concat([packPreamble(offered.commit), make()]));
      }),

    async refuses(answer, refusal, ...args) {
      const address = await serve(answer);
      const refs = keptRefs();
      const ran = await expectRefused(() => run(address, ...args), refusal, [scene.home]);
      expect(keptRefs()).toEqual(refs);
      expect(leftovers(scene.state)).toEqual([]);
      expect(readFileSync(join(scene.state, 'releases.pid'), 'utf8')).toBe('');
      await expectHonestInstall();
      return ran;
    },

    async refusedWithin(answer, bounds) {
      const { context, home } = openWorkshop();
      const address = await serve(answer);
      const from = `${address}/source.git`;
      const given = { ids: ['helper'], allowHttp: true };
      let error: unknown;
      try {
        await install({ ...context, ...bounds }, requestOf({ ...given, from }));
      } catch (caught) {
        error = caught;
      }
      if (!(error instanceof InstallError)) throw new Error('it was not refused', { cause: error });
      expect(error.exitCode).toBe(errorCodes[error.code].exit);
      expect(hintOf(error)).toMatch(/\S/);
      // Nothing but the directory of the state, for locks and the cache.
      expect(
        Object.keys(homeState(home)).filter((path) => !/^(\.|\.identity-install)$/.test(path)),
      ).toEqual([]);
      expect(leftovers(join(home, '.identity-install'))).toEqual([]);
      const sound = requestOf({ ...given, from: scene.repository.path, release: 'v1.0.0' });
      expect((await install(context, sound)).identities).toHaveLength(1);
      return error;
    },
  };
}
