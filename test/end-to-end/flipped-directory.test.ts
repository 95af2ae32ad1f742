import { spawn } from 'node:child_process';
import { copySync } from 'fs-extra/esm';
import { lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { useCasesOf } from '../support/use-cases.ts';
import { InstallError } from '../../src/core/errors.ts';
import { canHoldDirectories } from '../../src/platform/disk/held-directory.ts';
import { installedScene, replaceAll } from '../support/scene.ts';
import { isFullSweep } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const milliseconds = isFullSweep ? 60_000 : 5_000;
const count = 40;
const files = (version: number, prefix: string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_none, index) => [`d/${prefix}${index}`, `${version}\n`]),
  );

test.skipIf(!canHoldDirectories())(
  `a directory that changes places with a link for ${milliseconds / 1000} s leads no run elsewhere`,
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

    const script = fileURLToPath(new URL('../support/link-flipper.mjs', import.meta.url));
    const flipper = spawn(process.execPath, [script, directory, link], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void flipper.kill('SIGKILL'));
    await once(flipper.stdout, 'data');

    const seen = new Map<string, number>();
    const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    const end = performance.now() + milliseconds;
    for (let round = 0; performance.now() < end; round += 1) {
      const release = round % 4 < 2 ? 'v1.1.0' : 'v1.0.0';
      const step = () =>
        round % 2 === 0
          ? scene.run({ ...replaceAll, release, allowDowngrade: true })
          : scene.undo();
      await step().then(
        () => note('done'),
        (error: unknown) => note(codeOf(error)),
      );
      expect(treeOf(victim)).toEqual(untouched);
      await turn();
    }
    flipper.kill('SIGKILL');
    await once(flipper, 'exit');
    if (lstatSync(directory).isSymbolicLink()) {
      rmSync(directory);
      renameSync(link, directory);
    }
    await useCasesOf(scene.context).recover();
    expect(treeOf(victim)).toEqual(untouched);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['done', 'E_INSTANCE_CHANGED']));
    await scene.run({ ...replaceAll, release: 'v1.1.0' });
    expect(readFileSync(scene.path('d/changed0'), 'utf8')).toBe('2\n');
  },
  milliseconds + 60_000,
);

function codeOf(error: unknown): string {
  if (!(error instanceof InstallError)) throw error;
  expect(`${error.message} ${error.hint ?? ''}`).not.toContain('/proc/');
  return error.code;
}
