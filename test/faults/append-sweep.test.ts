import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { useCasesOf } from '../support/use-cases.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { systemError } from '../../src/platform/system-error.ts';
import { installedScene, refOf, type Scene } from '../support/scene.ts';
import { isFullSweep, recordFigures } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const rounds = isFullSweep ? 200 : 8;

/** How an agent adds a line to its file. */
const agents = {
  'holds the file open': `
    const fd = fs.openSync(file, 'a');
    const write = (line) => fs.writeSync(fd, line);`,
  'opens the file for every line': `
    const write = (line) => fs.appendFileSync(file, line);`,
  'renames a new version into place': `
    const write = (line) => {
      const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
      fs.writeFileSync(temporary, text + line);
      fs.renameSync(temporary, file);
    };`,
};

/** A line every millisecond: in bursts, between which a file can be replaced, or without a pause. */
const paces = { 'in bursts': 'Date.now() % 1200 < 150', 'without a pause': 'true' };

const program = (how: string, pace: keyof typeof paces) => `
  const fs = require('node:fs');
  const [file, temporary, stop, count] = process.argv.slice(1);
  ${how}
  let n = 0;
  const timer = setInterval(() => {
    try {
      if (${paces[pace]}) { write('line ' + (n + 1) + ';\\n'); n += 1; }
    } catch (error) {
      // Between existsSync and readFileSync the file may be on its way.
      if (error.code !== 'ENOENT') throw error;
    }
    if (fs.existsSync(stop)) { clearInterval(timer); fs.writeFileSync(count, String(n)); }
  }, 1);`;

const atomic = createDiskFileSystem();
const withoutExchange: FileSystem = {
  ...atomic,
  exchange(left) {
    throw systemError('ENOSYS', 'not here', 'exchange', left);
  },
};

describe.each([
  ['with atomic exchange', 'in bursts', atomic],
  ['with atomic exchange', 'without a pause', atomic],
  ['without atomic exchange', 'in bursts', withoutExchange],
] as const)('%s, %s', (exchange, pace, fs) => {
  test.each(Object.entries(agents))(
    `an agent that %s loses no line in ${rounds} rounds of replace and rollback`,
    async (name, how) => {
      const scene = await installedScene({ notes: 'one\n' }, { notes: 'two\n' });
      const work = temporaryDirectory();
      const [stop, count] = [join(work, 'stop'), join(work, 'count')];
      const file = scene.path('notes');
      const agent = spawn(
        process.execPath,
        ['-e', program(how, pace), file, scene.path('notes.tmp'), stop, count],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      onTestFinished(() => void agent.kill('SIGKILL'));
      const ended = once(agent, 'exit');
      await sleep(400);

      const context = scene.through(fs);
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
      // On a busy machine every run may meet a burst; one that got through has to be among them.
      const mustGetThrough = pace === 'in bursts';
      const isEnough = (): boolean => !mustGetThrough || seen.new > 0;
      for (let round = 0; round < rounds || (!isEnough() && round < 10 * rounds); round += 1) {
        let ref = '';
        const replace = { mode: 'replace', backup: true, release: 'v1.1.0' } as const;
        const replaced = await attempt(async () => {
          ref = refOf(await scene.run(replace, context));
        });
        for (let tries = 0; replaced && ref !== '' && tries < 20; tries += 1) {
          if (await attempt(() => scene.undo({ ref }, context))) break;
        }
      }
      writeFileSync(stop, '');
      await ended;
      expect(await useCasesOf(scene.context).recover()).toEqual([]);
      const written = Number(readFileSync(count, 'utf8'));
      expect(written).toBeGreaterThan(20);
      expect(isEnough(), 'no run got through').toBe(true);
      const found = new Set(linesKept(scene, file));
      const lost = Array.from({ length: written }, (_none, index) => `line ${index + 1};`).filter(
        (line) => !found.has(line),
      );
      expect(lost).toEqual([]);
      const sweep = `a line every millisecond, ${pace}, by an agent that ${name}; ${exchange}`;
      const points = seen.old + seen.new;
      recordFigures(sweep, { points, ...seen, recovered: 0, mixed: 0, lost: lost.length });
    },
    300_000,
  );
});

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
