import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { InstalledRecord } from '../../../src/core/record.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { installedScene, replaceAll, textOf, whenStaged, type Scene } from '../../support/scene.ts';
import { useCasesOf } from '../../support/use-cases.ts';

/** What an object answers to, though nobody put it there, and what it orders in its own way. */
const names = [
  '__defineGetter__',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'prototype',
  'then',
  'toString',
  'valueOf',
  '0',
  '10',
];

const places = [
  ['files', (name: string) => name],
  ['directories', (name: string) => `${name}/inner.md`],
] as const;

const filesAt = (paths: readonly string[], text: string) =>
  Object.fromEntries(paths.map((path) => [path, `${text} of ${path}\n`]));

function recordOf({ state }: Scene): ReadonlyMap<string, string> {
  const { files } = JSON.parse(textOf(state('record', 'helper.json'))) as InstalledRecord;
  return new Map(Object.entries(files).map(([path, base]) => [path, base.sha256]));
}

/** Every file is there and on record with this text, and nothing else of these names is. */
function expectInstalled(scene: Scene, paths: readonly string[], text: string): void {
  const record = recordOf(scene);
  for (const path of paths) {
    expect(textOf(scene.path(path))).toBe(`${text} of ${path}\n`);
    expect(record.get(path), path).toBe(sha256(`${text} of ${path}\n`));
  }
  expect(record.size).toBe(paths.length + 1);
}

async function expectVerified({ context }: Scene): Promise<void> {
  const { verify, verifyHome } = useCasesOf(context);
  const { identities } = await verify({ ids: [] });
  expect(identities[0]?.files).toMatchObject({ modified: [], missing: [] });
  expect((await verifyHome({})).problems).toEqual([]);
}

describe.each(places)('%s with names that every object answers to', (_what, placeOf) => {
  const paths = names.map(placeOf);

  test('are installed, recorded, updated, undone and verified like all others', async () => {
    const scene = await installedScene(filesAt(paths, 'one'), filesAt(paths, 'two'));
    expectInstalled(scene, paths, 'one');
    await expectVerified(scene);
    const [again] = (await scene.run({ release: 'v1.0.0' })).identities;
    expect(again?.outcome).toBe('nothing-to-do');
    await scene.run({ mode: 'merge' });
    expectInstalled(scene, paths, 'two');
    await scene.undo();
    expectInstalled(scene, paths, 'one');
    await scene.undo();
    expectInstalled(scene, paths, 'two');
    await expectVerified(scene);
    await scene.run({ ...replaceAll, release: 'v1.0.0', allowDowngrade: true });
    expectInstalled(scene, paths, 'one');
  });

  test('that are here already, or were taken away, are kept so', async () => {
    const scene = await installedScene({}, filesAt(paths, 'two'));
    const [mine = '', gone = '', ...rest] = paths;
    for (const path of [mine, gone]) {
      mkdirSync(dirname(scene.path(path)), { recursive: true });
      writeFileSync(scene.path(path), 'mine\n');
    }
    await scene.run();
    expect(textOf(scene.path(mine))).toBe('mine\n');
    const record = recordOf(scene);
    expect([mine, gone].map((path) => record.has(path))).toEqual([false, false]);
    expect(rest.filter((path) => !record.has(path))).toEqual([]);
    rmSync(scene.path(rest[0] ?? ''));
    const [again] = (await scene.run()).identities;
    expect(again?.plan.actions.find(({ path }) => path === rest[0])).toMatchObject({
      kind: 'keep',
      reason: 'deleted-locally',
    });
  });

  test('dropped by a release are pruned, and come back with the record', async () => {
    const scene = await installedScene(filesAt(paths, 'one'), {});
    await scene.run(replaceAll);
    expect([...recordOf(scene).keys()].filter((path) => paths.includes(path))).toEqual([]);
    expect(names.filter((name) => readdirSync(scene.instance).includes(name))).toEqual([]);
    await scene.undo();
    expectInstalled(scene, paths, 'one');
    await scene.undo();
    await scene.undo({ paths: paths.slice(0, 3) });
    const back = recordOf(scene);
    expect(paths.filter((path) => back.has(path))).toEqual(paths.slice(0, 3));
  });

  test('written to while they are swapped keep the base that they had', async () => {
    const scene = await installedScene(filesAt(paths, 'one'), filesAt(paths, 'two'));
    const [first = ''] = paths;
    const fs = whenStaged(() => appendFileSync(scene.path(first), 'mine\n'));
    await expect(scene.run({ mode: 'merge' }, scene.through(fs))).rejects.toMatchObject({
      code: 'E_INSTANCE_CHANGED',
    });
    expect(recordOf(scene).get(first)).toBe(sha256(`one of ${first}\n`));
    expect(readFileSync(join(scene.instance, first), 'utf8')).toBe(`one of ${first}\nmine\n`);
  });
});
