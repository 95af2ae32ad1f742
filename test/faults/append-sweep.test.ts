import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { useCasesOf } from '../support/use-cases.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { systemError } from '../../src/platform/system-error.ts';
import { startAgent, waysToAppend } from '../support/appending-agent.ts';
import { installedScene, refOf, type Scene } from '../support/scene.ts';
import { isFullSweep, recordFigures } from '../support/sweep.ts';

const rounds = isFullSweep ? 200 : 8;
/** An agent that writes without a pause writes at least so many while it is worked against. */
const enoughLines = 200;
/** Some are over before anything is replaced, and some go on long after. */
const bursts = [50, 150, 300, 600] as const;
const ways = Object.keys(waysToAppend) as (keyof typeof waysToAppend)[];

const atomic = createDiskFileSystem();
const withoutExchange: FileSystem = {
  ...atomic,
  exchange(left) {
    throw systemError('ENOSYS', 'not here', 'exchange', left);
  },
};

/** What came of the runs against an agent: refused, or done. */
function createAttempts() {
  const seen = { old: 0, new: 0 };
  const attempt = async (step: () => Promise<unknown>): Promise<boolean> => {
    try {
      await step();
      seen.new += 1;
      return true;
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      expect(error.code, error.message).toBe('E_INSTANCE_CHANGED');
      seen.old += 1;
      return false;
    }
  };
  return { seen, attempt };
}

/** No line that the agent wrote is gone, and nothing is left to be settled. */
async function expectNothingLost(
  scene: Scene,
  written: readonly string[],
  { seen, sweep }: { readonly seen: { readonly old: number; readonly new: number }; sweep: string },
): Promise<void> {
  expect(await useCasesOf(scene.context).recover()).toEqual([]);
  const found = new Set(linesKept(scene, scene.path('notes')));
  const lost = written.filter((line) => !found.has(line));
  expect(lost).toEqual([]);
  const points = seen.old + seen.new;
  recordFigures(sweep, { points, ...seen, recovered: 0, mixed: 0, lost: lost.length });
}

const replace = { mode: 'replace', backup: true, release: 'v1.1.0' } as const;

describe.each([
  ['with atomic exchange', atomic],
  ['without atomic exchange', withoutExchange],
])('%s, in bursts', (exchange, fs) => {
  test.each(ways)(
    `an agent that %s loses no line in ${rounds} rounds of replace and rollback`,
    async (way) => {
      const scene = await installedScene({ notes: 'one\n' }, { notes: 'two\n' });
      const context = scene.through(fs);
      const agent = startAgent(way, scene.path('notes'));
      const { seen, attempt } = createAttempts();
      for (let round = 0; round < rounds; round += 1) {
        const lines = bursts[round % bursts.length] ?? 0;
        /** Against a burst it may be refused; when the agent rests it gets through. */
        const carryOut = async (step: () => Promise<unknown>): Promise<void> => {
          const [done] = await Promise.all([attempt(step), agent.burst(lines)]);
          if (!done) expect(await attempt(step), 'nobody writes any more').toBe(true);
        };
        let ref = '';
        await carryOut(async () => (ref = refOf(await scene.run(replace, context))));
        await carryOut(() => scene.undo({ ref }, context));
      }
      const sweep = `a line every millisecond, in bursts, by an agent that ${way}; ${exchange}`;
      await expectNothingLost(scene, await agent.stop(), { seen, sweep });
    },
  );
});

test.each(ways)(
  `an agent that %s, without a pause, loses no line in ${rounds} rounds of replace and rollback`,
  async (way) => {
    const scene = await installedScene({ notes: 'one\n' }, { notes: 'two\n' });
    const agent = startAgent(way, scene.path('notes'));
    const { seen, attempt } = createAttempts();
    agent.writeOn();
    await agent.hasWritten(1);
    for (let round = 0; round < rounds; round += 1) {
      let ref = '';
      const replaced = await attempt(async () => (ref = refOf(await scene.run(replace))));
      if (replaced && ref !== '') await attempt(() => scene.undo({ ref }));
    }
    await agent.hasWritten(enoughLines);
    const sweep = `a line every millisecond, without a pause, by an agent that ${way}; with atomic exchange`;
    await expectNothingLost(scene, await agent.stop(), { seen, sweep });
  },
);

/** Lines of the live file and of what left the instance, which evidence and errors name. */
function linesKept(scene: Scene, file: string): string[] {
  const displaced = scene.state('displaced');
  const kept = readdirSync(displaced).flatMap((ref) =>
    readdirSync(join(displaced, ref))
      .filter((name) => /^\d+(?:\.undone|\.witness\.\d+|\.found\.\d+)?$/.test(name))
      .map((name) => join(displaced, ref, name)),
  );
  return [file, ...kept]
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'));
}
