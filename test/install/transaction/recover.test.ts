import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createUseCases } from '../../../src/install/create-use-cases.ts';
import type { InstallContext } from '../../../src/install/context.ts';
import { createDiskFileSystem } from '../../../src/platform/disk.ts';
import { mutatingCalls, type FileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { Crash } from '../../support/failing-file-system.ts';
import { mortal } from '../../support/mortal.ts';
import { installedScene, replaceAll, textOf, type Scene } from '../../support/scene.ts';

/** The process dies right before the first call that touches the instance. */
function dyingAtFirstTouch({ instance }: Scene): FileSystem {
  const disk = createDiskFileSystem();
  let dead = false;
  const calls = Object.entries(disk).map(([name, call]: [string, unknown]) => [
    name,
    (...args: readonly unknown[]) => {
      const reading = !mutatingCalls.some((mutation) => mutation === name) && name !== 'sync';
      const touches = args.some((arg) => typeof arg === 'string' && arg.startsWith(instance));
      dead ||= touches && !reading;
      if (dead) throw new Crash(name);
      return (call as (...all: readonly unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(calls) as FileSystem;
}

async function diesAtFirstTouch(
  scene: Scene,
  step: (context: InstallContext) => Promise<unknown>,
): Promise<void> {
  const { context, die } = mortal(scene.through(dyingAtFirstTouch(scene)));
  await expect(step(context)).rejects.toThrow(Crash);
  die();
}

describe('recovery goes forward', () => {
  test('where a directory that was to get a new one is gone', async () => {
    const scene = await installedScene(
      { 'a/x': '1', b: '1' },
      { 'a/x': '1', 'a/b/c': 'c', b: '2' },
    );
    await diesAtFirstTouch(scene, (context) => scene.run({ mode: 'merge' }, context));
    rmSync(scene.path('a'), { recursive: true });
    const [settled] = await createUseCases(scene.context).recover();
    expect(settled?.outcome).toBe('completed');
    expect(textOf(scene.path('b'))).toBe('2');
    expect(Object.keys(scene.tree())).toEqual(['.', 'IDENTITY_PROMPT.md', 'b']);
  });

  test('where the whole instance is gone, and the next install brings it back', async () => {
    const scene = await installedScene({ 'a/x': '1' }, { 'a/x': '1', 'a/b/c': 'c' });
    await diesAtFirstTouch(scene, (context) => scene.run({ mode: 'merge' }, context));
    rmSync(scene.instance, { recursive: true });
    await createUseCases(scene.context).recover();
    await scene.run();
    expect(textOf(scene.path('a/b/c'))).toBe('c');
  });

  test('past what was edited, created and deleted since, and names it', async () => {
    const scene = await installedScene(
      { a: '1', b: '1', gone: 'x' },
      { a: '2', b: '2', 'new/c': 'c' },
    );
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    writeFileSync(scene.path('a'), 'mine');
    mkdirSync(scene.path('new'));
    writeFileSync(scene.path('new/c'), 'mine too');
    rmSync(scene.path('gone'));
    const [settled] = await createUseCases(scene.context).recover();
    expect(settled?.warnings.map(({ path }) => path.slice(scene.instance.length + 1))).toEqual([
      'gone',
      'a',
      'new/c',
    ]);
    expect(textOf(scene.path('a'))).toBe('mine');
    expect(textOf(scene.path('new/c'))).toBe('mine too');
    expect(textOf(scene.path('b'))).toBe('2');
  });
});

test('an exchange by witness that was cut short goes on with a file written anew since', async () => {
  const scene = await installedScene({ a: '1' }, { a: '2' });
  const disk = createDiskFileSystem();
  let dead = false;
  const { context, die } = mortal(
    scene.through({
      ...disk,
      exchange(left) {
        throw systemError('ENOSYS', 'injected', 'exchange', left);
      },
      link(existing, to) {
        dead ||= to === scene.path('a');
        if (dead) throw new Crash('killed with the witness in place');
        disk.link(existing, to);
      },
      writeNew(...args) {
        if (dead) throw new Crash('killed');
        disk.writeNew(...args);
      },
    }),
  );
  await expect(scene.run(replaceAll, context)).rejects.toThrow(Crash);
  die();
  writeFileSync(scene.path('a.new'), '1');
  renameSync(scene.path('a.new'), scene.path('a'));
  const [settled] = await createUseCases(scene.context).recover();
  expect(settled).toMatchObject({ outcome: 'completed', warnings: [] });
  expect(textOf(scene.path('a'))).toBe('2');
});

test('a discarding that was cut short leaves no snapshot behind', async () => {
  const scene = await installedScene({ a: '1' }, { a: '2' });
  const disk = createDiskFileSystem();
  let staged = false;
  const { context, die } = mortal(
    scene.through({
      ...disk,
      barrier() {
        staged = true;
        throw new Crash('killed while everything is staged');
      },
      unlink(path) {
        if (staged) throw new Crash('killed while it is cleared away');
        disk.unlink(path);
      },
    }),
  );
  await expect(scene.run(replaceAll, context)).rejects.toThrow(Crash);
  die();
  expect(readdirSync(scene.state('snapshots'))).toHaveLength(3);
  await createUseCases(scene.context).recover();
  expect(readdirSync(scene.state('snapshots'))).toEqual([]);
  expect(readdirSync(scene.state('journal'))).toEqual([]);
});

describe('recovery that meets trouble of its own', () => {
  test('puts back what was written between its look and its swap', async () => {
    const scene = await installedScene({ a: '1', b: '1' }, { a: '2', b: '2' });
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    const disk = createDiskFileSystem();
    let written = false;
    const agentMeanwhile: FileSystem = {
      ...disk,
      exchange(left, right) {
        if (!written && right === scene.path('a')) appendFileSync(right, ' and mine');
        written ||= right === scene.path('a');
        disk.exchange(left, right);
      },
    };
    const [settled] = await createUseCases(scene.through(agentMeanwhile)).recover();
    expect(settled).toMatchObject({
      outcome: 'completed',
      warnings: [{ code: 'CHANGED_DURING_APPLY', path: scene.path('a') }],
    });
    expect([textOf(scene.path('a')), textOf(scene.path('b'))]).toEqual(['1 and mine', '2']);
    const { identities } = await createUseCases(scene.context).verify({ ids: [] });
    expect(identities[0]?.files).toMatchObject({ modified: ['a'], missing: [] });
  });

  test('goes back where files can never change places', async () => {
    const scene = await installedScene({ a: '1', b: '1' }, { a: '2', b: '2' });
    const before = scene.tree();
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    const elsewhere: FileSystem = {
      ...createDiskFileSystem(),
      exchange(_left, right) {
        throw systemError('EXDEV', 'cross-device link', 'exchange', right);
      },
    };
    const [settled] = await createUseCases(scene.through(elsewhere)).recover();
    expect(settled?.outcome).toBe('undone');
    expect(scene.tree()).toEqual(before);
  });

  test('says that an operation is pending where the home cannot be written', async () => {
    const scene = await installedScene({ a: '1' }, { a: '2' });
    const before = scene.tree();
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    const readOnlyDisk: FileSystem = {
      ...createDiskFileSystem(),
      exchange(_left, right) {
        throw systemError('EROFS', 'read-only file system', 'exchange', right);
      },
    };
    const { recover, history } = createUseCases(scene.through(readOnlyDisk));
    await expect(recover()).rejects.toMatchObject({ code: 'E_JOURNAL_PENDING' });
    await expect(history()).rejects.toMatchObject({ code: 'E_JOURNAL_PENDING' });
    expect(scene.tree()).toEqual(before);
    const [settled] = await createUseCases(scene.context).recover();
    expect(settled?.outcome).toBe('completed');
  });
});
