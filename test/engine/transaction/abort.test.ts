import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { installedScene, openScene, replaceAll, textOf, whenStaged } from '../../support/scene.ts';
import { saying } from '../../support/hint-of.ts';

/** The first call of this kind into the instance does its work and says that it failed. */
function lyingAt(call: LyingCall, instance: string): FileSystem {
  const disk = createTestDisk();
  let lied = false;
  const perform = Reflect.get(disk, call) as (...args: readonly unknown[]) => void;
  const lie = (...args: readonly unknown[]): void => {
    perform(...args);
    if (lied || !args.some((arg) => typeof arg === 'string' && arg.startsWith(instance))) return;
    lied = true;
    throw systemError('EIO', 'injected', call, String(args[0]));
  };
  return { ...disk, [call]: lie };
}

const lyingCalls = ['link', 'exchange', 'rename', 'makeDirectory', 'removeDirectory'] as const;
type LyingCall = (typeof lyingCalls)[number];

describe('a failure that is reported after the change happened', () => {
  test.each(lyingCalls)('by %s is taken back with everything else', async (call) => {
    const { run, through, tree, instance, context } = await installedScene(
      { a: '1', 'old/b': 'b' },
      { a: '2', 'new/c': 'c', d: 'd' },
    );
    const before = tree();
    await expect(run(replaceAll, through(lyingAt(call, instance)))).rejects.toMatchObject({
      code: 'E_IO',
    });
    expect(tree()).toEqual(before);
    expect(await useCasesOf(context).recover()).toEqual([]);
  });

  test('by the rename of a whole new instance takes all of it out again', async () => {
    const { run, through, instance } = openScene({ 'd/a': '1' });
    await expect(run({}, through(lyingAt('rename', instance)))).rejects.toThrow('EIO');
    expect(existsSync(instance)).toBe(false);
    expect((await run()).identities[0]?.outcome).toBe('done');
  });
});

describe('what an agent puts in the place of a file that is to be removed', () => {
  test('stays when it is a directory', async () => {
    const { run, through, path, context } = await installedScene({ old: 'old' }, {});
    const agent = whenStaged(() => {
      rmSync(path('old'));
      mkdirSync(path('old'));
      writeFileSync(path('old/mine'), 'mine');
    });
    await expect(run(replaceAll, through(agent))).rejects.toMatchObject({
      code: 'E_INSTANCE_CHANGED',
    });
    expect(textOf(path('old/mine'))).toBe('mine');
    expect(await useCasesOf(context).recover()).toEqual([]);
  });

  test('stays when it comes in the moment of the rename', async () => {
    const { run, through, path, tree } = await installedScene({ old: 'old' }, {});
    const disk = createTestDisk();
    const agent: FileSystem = {
      ...disk,
      rename(from, to) {
        if (from === path('old')) {
          rmSync(from);
          symlinkSync('elsewhere', from);
        }
        disk.rename(from, to);
      },
    };
    await expect(run(replaceAll, through(agent))).rejects.toMatchObject({
      code: 'E_INSTANCE_CHANGED',
    });
    expect(tree()['old']).toBe('l elsewhere');
  });
});

test('what an editor makes of our file in its short life takes nothing with it', async () => {
  const scene = await installedScene({ notes: 'one\n' }, { notes: 'two\n' });
  const file = scene.path('notes');
  const save = (text: string) => {
    writeFileSync(`${file}.tmp`, text);
    renameSync(`${file}.tmp`, file);
  };
  const disk = createTestDisk();
  let exchanges = 0;
  const editor: FileSystem = {
    ...disk,
    exchange(left, right) {
      if (right !== file) {
        disk.exchange(left, right);
        return;
      }
      exchanges += 1;
      // Saved at the last moment before the first exchange; read and saved again around the second.
      if (exchanges === 1) save('one\nedited\n');
      const seen = textOf(file);
      disk.exchange(left, right);
      if (exchanges === 2) save(`${seen}more\n`);
    },
  };
  await expect(scene.run(replaceAll, scene.through(editor))).rejects.toMatchObject({
    code: 'E_INSTANCE_CHANGED',
    remedy: saying('displaced/'),
  });
  expect(textOf(file)).toBe('two\nmore\n');
  const [ref = ''] = readdirSync(scene.state('displaced')).slice(-1);
  const kept = readdirSync(scene.state('displaced', ref)).filter((name) => name.includes('found'));
  expect(kept.map((name) => textOf(scene.state('displaced', ref, name)))).toContain(
    'one\nedited\n',
  );
  expect(await useCasesOf(scene.context).recover()).toEqual([]);
});

test('an instance that appears while a new one is staged is left alone, and says so', async () => {
  const { run, through, path, instance } = openScene({ 'd/a': '1' });
  const agent = whenStaged(() => {
    mkdirSync(instance, { recursive: true });
    writeFileSync(path('mine'), 'mine');
  });
  await expect(run({}, through(agent))).rejects.toMatchObject({ code: 'E_INSTANCE_CHANGED' });
  expect(readdirSync(instance)).toEqual(['mine']);
});

test('a failure to record says that the changes are complete, and the next command records them', async () => {
  const { run, through, path, context } = await installedScene({ a: '1' }, { a: '2' });
  const disk = createTestDisk();
  const full: FileSystem = {
    ...disk,
    append(file, bytes) {
      if (file.endsWith('ledger.jsonl')) throw systemError('ENOSPC', 'injected', 'write', file);
      disk.append(file, bytes);
    },
  };
  await expect(run(replaceAll, through(full))).rejects.toThrow(/changes are complete/);
  expect(textOf(path('a'))).toBe('2');
  const [settled] = await useCasesOf(context).recover();
  expect(settled).toMatchObject({ outcome: 'completed', warnings: [] });
});
