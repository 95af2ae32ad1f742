import { spawn } from 'node:child_process';
import { copySync } from 'fs-extra/esm';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { useCasesOf } from '../support/use-cases.ts';
import { InstallError } from '../../src/core/errors.ts';
import { canHoldDirectories } from '../../src/platform/disk/held-directory.ts';
import { installedScene, replaceAll, textOf } from '../support/scene.ts';
import { isFullSweep } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';
import { hintOf } from '../support/hint-of.ts';

const changed = 'E_INSTANCE_CHANGED';
/** How many runs meet the flipping at least. */
const rounds = isFullSweep ? 300 : 12;
const count = 40;
const files = (version: number, prefix: string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_none, index) => [`d/${prefix}${index}`, `${version}\n`]),
  );

test.skipIf(!canHoldDirectories())(
  'a directory that changes places with a link without pause leads no run elsewhere',
  async () => {
    const scene = await installedScene(
      { ...files(1, 'changed'), ...files(1, 'gone/') },
      { ...files(2, 'changed'), ...files(2, 'come/') },
    );
    const directory = scene.path('d');
    const victim = join(temporaryDirectory(), 'victim');
    copySync(directory, victim);
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(victim, link);
    const untouched = treeOf(victim);

    const operations = () => textOf(scene.state('ledger.jsonl')).trimEnd().split('\n').length;

    const flipper = startFlipper(directory, link);
    const seen = new Map<string, number>();
    const attempt = async (round: number): Promise<string> => {
      const release = round % 4 < 2 ? 'v1.1.0' : 'v1.0.0';
      // The first install is never undone: without the directory nobody could flip it.
      const undoes = round % 2 === 1 && operations() > 1;
      const step = () =>
        undoes ? scene.undo() : scene.run({ ...replaceAll, release, allowDowngrade: true });
      const outcome = await step().then(() => 'done', codeOf);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      expect(treeOf(victim)).toEqual(untouched);
      return outcome;
    };
    for (let round = 0; round < rounds || !seen.has(changed); round += 1) {
      await flipper.say('flip');
      const outcome = await attempt(round);
      await flipper.say('rest');
      if (outcome !== changed) continue;
      expect(await attempt(round), 'nobody flips any more').not.toBe(changed);
    }
    await useCasesOf(scene.context).recover();
    expect(treeOf(victim)).toEqual(untouched);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['done', changed]));
    await scene.run({ ...replaceAll, release: 'v1.1.0' });
    expect(readFileSync(scene.path('d/changed0'), 'utf8')).toBe('2\n');
  },
);

/** Another process, which is told what to do, and says when it does. */
function startFlipper(directory: string, link: string) {
  const script = fileURLToPath(new URL('../support/link-flipper.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, directory, link], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    say: async (wish: 'flip' | 'rest'): Promise<void> => {
      child.stdin.write(`${wish}\n`);
      expect(await answers.next()).toEqual({ done: false, value: wish });
    },
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof InstallError)) throw error;
  expect(`${error.message} ${hintOf(error) ?? ''}`).not.toContain('/proc/');
  return error.code;
}
