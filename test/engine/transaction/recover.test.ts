import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import type { Intent } from '../../../src/engine/journal/intent.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { Crash } from '../../support/failing-file-system.ts';
import { diesAtFirstTouch, mortal } from '../../support/mortal.ts';
import { installedScene, openScene, replaceAll, textOf } from '../../support/scene.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { copyTree, treeOf } from '../../support/tree.ts';
import { openWorkshop } from '../../support/workshop.ts';

describe('recovery goes forward', () => {
  test('where a directory that was to get a new one is gone', async () => {
    const scene = await installedScene(
      { 'a/x': '1', b: '1' },
      { 'a/x': '1', 'a/b/c': 'c', b: '2' },
    );
    await diesAtFirstTouch(scene, (context) => scene.run({ mode: 'merge' }, context));
    rmSync(scene.path('a'), { recursive: true });
    const [settled] = await useCasesOf(scene.context).recover();
    expect(settled?.outcome).toBe('completed');
    expect(textOf(scene.path('b'))).toBe('2');
    expect(Object.keys(scene.tree())).toEqual(['.', 'IDENTITY_PROMPT.md', 'b']);
  });

  test('where the whole instance is gone, and the next install brings it back', async () => {
    const scene = await installedScene({ 'a/x': '1' }, { 'a/x': '1', 'a/b/c': 'c' });
    await diesAtFirstTouch(scene, (context) => scene.run({ mode: 'merge' }, context));
    rmSync(scene.instance, { recursive: true });
    await useCasesOf(scene.context).recover();
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
    const [settled] = await useCasesOf(scene.context).recover();
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

describe('a home that changed its place while an operation was pending', () => {
  test('has it settled in the instance that moved along', async () => {
    const { scene, moved } = await pendingScene();
    renameSync(scene.home, moved.home);
    const [settled] = await useCasesOf(moved.context).recover();
    expect(settled).toMatchObject({ outcome: 'completed', warnings: [] });
    expect(textOf(join(moved.home, 'instances', 'helper', 'a'))).toBe('2');
    const { problems } = await useCasesOf(moved.context).verifyHome({});
    expect(problems).toEqual([]);
    expect(existsSync(scene.home)).toBe(false);
  });

  test.each([
    ['with its hard links', copyTree],
    ['without them', (from: string, to: string) => cpSync(from, to, { recursive: true })],
  ])(
    'or was copied %s, has its own settled, and the other stays for itself',
    async (_how, copy) => {
      const { scene, moved } = await pendingScene();
      copy(scene.home, moved.home);
      const before = treeOf(scene.home);
      const [settled] = await useCasesOf(moved.context).recover();
      expect(settled).toMatchObject({ outcome: 'completed', warnings: [] });
      expect(treeOf(scene.home)).toEqual(before);
      const copied = treeOf(moved.home);
      await useCasesOf(scene.context).recover();
      expect(textOf(scene.path('a'))).toBe('2');
      await scene.undo();
      expect(textOf(scene.path('a'))).toBe('mine');
      expect(treeOf(moved.home)).toEqual(copied);
    },
  );

  test('has one outside of it settled only where the home was', async () => {
    const outside = join(temporaryDirectory(), 'mine');
    const { scene, moved } = await pendingScene(outside);
    cpSync(scene.home, moved.home, { recursive: true });
    const before = [outside, moved.home].map((path) => treeOf(path));
    await expect(useCasesOf(moved.context).recover()).rejects.toMatchObject({
      code: 'E_JOURNAL_DAMAGED',
      message: expect.stringContaining(outside),
    });
    expect([outside, moved.home].map((path) => treeOf(path))).toEqual(before);
    const [settled] = await useCasesOf(scene.context).recover();
    expect(settled).toMatchObject({ outcome: 'completed', warnings: [] });
    expect(textOf(join(outside, 'a'))).toBe('2');
  });
});

test.each<[string, (home: string) => Partial<Intent>]>([
  ['the instance of another identity', (home) => ({ instance: join(home, 'instances', 'other') })],
  ['a directory outside of the home', (home) => ({ instance: join(home, '..', 'victim') })],
  ['another home and what is in it', (home) => ({ home: dirname(home), instance: dirname(home) })],
  ['the home itself', (home) => ({ instance: home })],
  ['our own state', (home) => ({ instance: join(home, '.identity-install', 'record') })],
])('a pending journal that names %s is not carried out', async (_what, wrong) => {
  const { scene } = await pendingScene();
  const [ref = ''] = readdirSync(scene.state('journal'));
  const file = scene.state('journal', ref, 'intent.json');
  const intent = JSON.parse(textOf(file)) as Intent;
  writeFileSync(file, JSON.stringify({ ...intent, ...wrong(scene.home) }));
  const before = treeOf(dirname(scene.home));
  const { recover } = useCasesOf(scene.context);
  await expect(recover()).rejects.toMatchObject({ code: 'E_JOURNAL_DAMAGED' });
  expect(treeOf(dirname(scene.home))).toEqual(before);
});

/** A replace of an edited file that died before its first change, and another place for the home. */
async function pendingScene(outside?: string) {
  const scene = openScene({ a: '1' }, { a: '2' });
  if (outside !== undefined) {
    mkdirSync(scene.home, { recursive: true });
    writeFileSync(
      join(scene.home, 'catalog.local.yaml'),
      `identities:\n  - id: helper\n    pack_path: ${outside}\n`,
    );
  }
  await scene.run({ release: 'v1.0.0' });
  const instance = outside ?? scene.instance;
  writeFileSync(join(instance, 'a'), 'mine');
  await diesAtFirstTouch({ ...scene, instance }, (context) => scene.run(replaceAll, context));
  return { scene, moved: openWorkshop(join(temporaryDirectory(), 'elsewhere')) };
}

test('an exchange by witness that was cut short goes on with a file written anew since', async () => {
  const scene = await installedScene({ a: '1' }, { a: '2' });
  const disk = createTestDisk();
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
  const [settled] = await useCasesOf(scene.context).recover();
  expect(settled).toMatchObject({ outcome: 'completed', warnings: [] });
  expect(textOf(scene.path('a'))).toBe('2');
});

test('a discarding that was cut short leaves no snapshot behind', async () => {
  const scene = await installedScene({ a: '1' }, { a: '2' });
  const disk = createTestDisk();
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
  await useCasesOf(scene.context).recover();
  expect(readdirSync(scene.state('snapshots'))).toEqual([]);
  expect(readdirSync(scene.state('journal'))).toEqual([]);
});

describe('recovery that meets trouble of its own', () => {
  test('puts back what was written between its look and its swap', async () => {
    const scene = await installedScene({ a: '1', b: '1' }, { a: '2', b: '2' });
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    const disk = createTestDisk();
    let written = false;
    const agentMeanwhile: FileSystem = {
      ...disk,
      exchange(left, right) {
        if (!written && right === scene.path('a')) appendFileSync(right, ' and mine');
        written ||= right === scene.path('a');
        disk.exchange(left, right);
      },
    };
    const [settled] = await useCasesOf(scene.through(agentMeanwhile)).recover();
    expect(settled).toMatchObject({
      outcome: 'completed',
      warnings: [{ code: 'CHANGED_DURING_APPLY', path: scene.path('a') }],
    });
    expect([textOf(scene.path('a')), textOf(scene.path('b'))]).toEqual(['1 and mine', '2']);
    const { identities } = await useCasesOf(scene.context).verify({ ids: [] });
    expect(identities[0]?.files).toMatchObject({ modified: ['a'], missing: [] });
  });

  test('goes back where files can never change places', async () => {
    const scene = await installedScene({ a: '1', b: '1' }, { a: '2', b: '2' });
    const before = scene.tree();
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    const elsewhere: FileSystem = {
      ...createTestDisk(),
      exchange(_left, right) {
        throw systemError('EXDEV', 'cross-device link', 'exchange', right);
      },
    };
    const [settled] = await useCasesOf(scene.through(elsewhere)).recover();
    expect(settled?.outcome).toBe('undone');
    expect(scene.tree()).toEqual(before);
  });

  test('says that an operation is pending where the home cannot be written', async () => {
    const scene = await installedScene({ a: '1' }, { a: '2' });
    const before = scene.tree();
    await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
    const readOnlyDisk: FileSystem = {
      ...createTestDisk(),
      exchange(_left, right) {
        throw systemError('EROFS', 'read-only file system', 'exchange', right);
      },
    };
    const { recover, history } = useCasesOf(scene.through(readOnlyDisk));
    await expect(recover()).rejects.toMatchObject({ code: 'E_JOURNAL_PENDING' });
    expect(await history()).toMatchObject({ pending: [{ code: 'E_JOURNAL_PENDING' }] });
    expect(scene.tree()).toEqual(before);
    const [settled] = await useCasesOf(scene.context).recover();
    expect(settled?.outcome).toBe('completed');
  });
});
