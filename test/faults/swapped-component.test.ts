import { copySync } from 'fs-extra/esm';
import { appendFileSync, existsSync, lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useCasesOf } from '../support/use-cases.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { InstallError } from '../../src/core/errors.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { canHoldDirectories } from '../../src/platform/disk/held-directory.ts';
import { filesHolding } from '../support/hostile-scene.ts';
import { openScene, replaceAll, type Scene } from '../support/scene.ts';
import { sampled } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';
import { openWorkshop } from '../support/workshop.ts';

const first = {
  'd/changed': 'changed 1\n',
  'd/gone': 'gone\n',
  'd/out/deep': 'deep\n',
  z: 'z 1\n',
};
const second = {
  'd/changed': 'changed 2\n',
  'd/added': 'added\n',
  'd/in/deep': 'deep\n',
  z: 'z 2\n',
};

/** One at a time: every call that comes near the instance is a point. */
interface Swapper {
  readonly fs: FileSystem;
  readonly calls: readonly string[];
}

/**
 * A disk on which `component` is moved away, and a link to the victim put in its place, right
 * before the n-th call on it or below it since everything was staged.
 */
function swappingDisk(component: string, victim: string, at: number): Swapper {
  const disk = createDiskFileSystem();
  const calls: string[] = [];
  let staged = false;
  const entries = Object.entries(disk).map(([name, call]: [string, unknown]) => [
    name,
    (...args: readonly unknown[]) => {
      const paths = args.filter((arg) => typeof arg === 'string');
      if (staged && paths.some((path) => path === component || path.startsWith(`${component}/`))) {
        calls.push([name, ...paths].join(' '));
        if (calls.length === at && existsSync(component)) {
          renameSync(component, `${component}.moved`);
          symlinkSync(victim, component);
        }
      }
      const result = (call as (...all: readonly unknown[]) => unknown)(...args);
      if (name === 'barrier') staged = true;
      return result;
    },
  ]);
  return { fs: Object.fromEntries(entries) as FileSystem, calls };
}

function swapBack(component: string): void {
  if (!existsSync(`${component}.moved`)) return;
  if (lstatSync(component, { throwIfNoEntry: false }) !== undefined) rmSync(component);
  renameSync(`${component}.moved`, component);
}

type Step = (scene: Scene, context: OperationContext) => Promise<unknown>;

const installOld: Step = (scene, context) => scene.run({ release: 'v1.0.0' }, context);
const replace: Step = (scene, context) => scene.run(replaceAll, context);
const undo: Step = (scene, context) => scene.undo({}, context);

/** As `replace`, but the last file is edited when all is staged: everything has to be undone. */
const replaceAndAbort: Step = (scene, context) => {
  const { fs } = context;
  let edited = false;
  const editing: FileSystem = {
    ...fs,
    async barrier(paths) {
      await fs.barrier(paths);
      if (!edited) appendFileSync(scene.path('z'), 'mine\n');
      edited = true;
    },
  };
  return scene.run(replaceAll, { ...context, fs: editing });
};

const operations: readonly { name: string; before: readonly Step[]; step: Step }[] = [
  { name: 'a first install', before: [], step: installOld },
  { name: 'a replace', before: [installOld], step: replace },
  { name: 'a replace that is aborted', before: [installOld], step: replaceAndAbort },
  { name: 'a rollback', before: [installOld, replace], step: undo },
  { name: 'a rollback of a first install', before: [installOld], step: undo },
];

const cases = operations.flatMap((operation) =>
  ['instances/helper/d', 'instances/helper', 'instances']
    .filter((place) => operation.before.length > 0 || place === 'instances')
    .map((place) => ({ ...operation, place })),
);

describe.skipIf(!canHoldDirectories())('a link put in the place of a directory', () => {
  test.each(cases)('leads $name nowhere else: $place', async ({ before, step, place }) => {
    const scene = openScene(first, second);
    for (const earlier of before) await earlier(scene, scene.context);
    const { home } = scene;
    const component = join(home, place);
    if (before.length === 0) await scene.run({ release: 'v1.0.0' }).then(() => scene.undo());
    const saved = join(temporaryDirectory(), 'saved');
    copySync(home, saved, { preserveTimestamps: true });
    const restore = () => {
      rmSync(home, { recursive: true, force: true });
      copySync(saved, home, { preserveTimestamps: true });
    };
    // The victim looks just like what it takes the place of, so that nothing but the link differs.
    const victim = join(temporaryDirectory(), 'victim');
    copySync(component, victim);
    const untouched = treeOf(victim);

    const counting = swappingDisk(component, victim, 0);
    await step(scene, openWorkshop(home).through(counting.fs)).catch(expectChanged);
    const points = counting.calls.map((_call, index) => index + 1);
    expect(points.length).toBeGreaterThan(5);

    for (const at of sampled(points, 10)) {
      restore();
      const where = `swapped before ${counting.calls[at - 1] ?? ''}`;
      const swapping = swappingDisk(component, victim, at);
      const context = openWorkshop(home).through(swapping.fs);
      await step(scene, context).catch(expectChanged);
      expect(treeOf(victim), where).toEqual(untouched);
      swapBack(component);
      await useCasesOf(openWorkshop(home).context).recover();
      expect(treeOf(victim), `${where}, then recovered`).toEqual(untouched);
      if (before.length === 0) continue;
      for (const text of ['changed 1', 'z 1']) {
        expect(filesHolding(home, text), `${where}: ${text}`).not.toEqual([]);
      }
    }
  });
});

/** Whatever the run says, it says it as itself and of paths that the user knows. */
function expectChanged(error: unknown): void {
  if (!(error instanceof InstallError)) throw error;
  expect(['E_INSTANCE_CHANGED', 'E_INSTANCE_UNSAFE', 'E_IO']).toContain(error.code);
  expect(JSON.stringify([error.message, error.remedy, error.details])).not.toContain('/proc/');
}
