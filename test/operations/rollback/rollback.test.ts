import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { installedScene, refOf, replaceAll, textOf } from '../../support/scene.ts';
import { saying } from '../../support/hint-of.ts';

const deep = { 'docs/x': 'x\n', 'docs/deep/y': 'y\n' };

describe('a rollback of a release in which', () => {
  test.each([
    ['a file became a directory', { docs: 'f\n' }, deep],
    ['a directory became a file', deep, { docs: 'f\n' }],
  ] as const)('%s is exact, and so is its own', async (_name, first, second) => {
    const { run, undo, tree } = await installedScene(first, second);
    const before = tree();
    await run(replaceAll);
    const replaced = tree();
    expect((await undo()).operations[0]?.operation?.warnings).toEqual([]);
    expect(tree()).toEqual(before);
    await undo();
    expect(tree()).toEqual(replaced);
  });

  test('a directory went leaves alone what the user put there since', async () => {
    const { run, undo, path, tree } = await installedScene(deep, { other: 'o' });
    await run(replaceAll);
    writeFileSync(path('docs'), 'my own docs\n');
    const undone = await undo();
    const blocked = undone.operations[0]?.plan.actions.filter(
      (action) => action.reason === 'in-the-way',
    );
    expect(blocked?.map((action) => action.path)).toEqual(['docs/deep/y', 'docs/x']);
    expect(textOf(path('docs'))).toBe('my own docs\n');
    expect(tree()['other']).toBeUndefined();
  });

  test('a directory went gives it its mode, also for one path and with its parent gone', async () => {
    const { run, undo, path, tree } = await installedScene({ 'd/e/f': 'f' }, { 'd/g': 'g' });
    chmodSync(path('d/e'), 0o750);
    const { 'd/e': mode, 'd/e/f': file } = tree();
    await run(replaceAll);
    rmSync(path('d'), { recursive: true });
    await undo({ paths: ['d/e/f'] });
    expect(tree()).toMatchObject({ 'd/e': mode, 'd/e/f': file });
  });
});

test('the directories of an instance come back with the modes that they had', async () => {
  const { undo, path, instance, tree } = await installedScene({ 'd/a': '1' });
  chmodSync(path('d'), 0o555);
  chmodSync(instance, 0o2750);
  const before = tree();
  await undo();
  expect(existsSync(instance)).toBe(false);
  await undo();
  expect(tree()).toEqual(before);
});

describe('a rollback refuses before it touches anything when', () => {
  const replaced = async () => {
    const scene = await installedScene({ a: '1' }, { a: '2' });
    const ref = refOf(await scene.run(replaceAll));
    return { ...scene, ref };
  };

  test('it is to undo a path that the operation did not touch', async () => {
    const { undo, ref, tree } = await replaced();
    const before = tree();
    for (const stopAfter of [undefined, 'plan'] as const) {
      const wish = { paths: ['a', 'IDENTITY_PROMT.md'], ...(stopAfter && { stopAfter }) };
      await expect(undo(wish)).rejects.toMatchObject({
        code: 'E_NOTHING_TO_UNDO',
        message: `${ref} did not touch IDENTITY_PROMT.md.`,
        remedy: saying('--plan'),
      });
    }
    await expect(undo({ paths: ['A'] })).rejects.toMatchObject({
      remedy: saying('Did you mean --path a?'),
    });
    expect(tree()).toEqual(before);
  });

  test('the evidence was edited', async () => {
    const { undo, state, ref, tree } = await replaced();
    const file = state('evidence', `${ref}.json`);
    const edited = readFileSync(file, 'utf8').replaceAll('"path": "a"', '"path": "../../../b"');
    writeFileSync(file, edited);
    const before = tree();
    await expect(undo()).rejects.toMatchObject({ code: 'E_EVIDENCE_DAMAGED', exitCode: 6 });
    expect(tree()).toEqual(before);
  });

  test('lines are missing at the end of the ledger', async () => {
    const { undo, state, tree } = await replaced();
    const file = state('ledger.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8').split('\n')[0] ?? ''}\n`);
    const before = tree();
    await expect(undo()).rejects.toMatchObject({ code: 'E_LEDGER_DAMAGED', exitCode: 6 });
    expect(tree()).toEqual(before);
  });

  test('the snapshot is a sound one of something else', async () => {
    const { run, undo, state, ref, path, tree } = await replaced();
    await undo();
    writeFileSync(path('a'), 'mine');
    const other = refOf(await run(replaceAll));
    for (const suffix of ['.tar.gz', '.json', '.sha256']) {
      const text = readFileSync(state('snapshots', `${ref}${suffix}`), 'latin1');
      const forged = suffix === '.json' ? text.replaceAll(ref, other) : text;
      writeFileSync(state('snapshots', `${other}${suffix}`), forged, 'latin1');
    }
    const before = tree();
    await expect(undo()).rejects.toMatchObject({ code: 'E_SNAPSHOT_DAMAGED', exitCode: 6 });
    expect(tree()).toEqual(before);
  });

  test('the last of several operations cannot be undone', async () => {
    const { undo, run, state, ref, tree } = await replaced();
    await run({ release: 'v1.0.0', mode: 'merge', allowDowngrade: true });
    const archive = state('snapshots', `${ref}.tar.gz`);
    appendFileSync(archive, 'more');
    const before = tree();
    await expect(undo({ ref, through: true })).rejects.toMatchObject({
      code: 'E_SNAPSHOT_DAMAGED',
      exitCode: 6,
    });
    expect(tree()).toEqual(before);
  });

  test('the instance has come to lie behind a link', async () => {
    const { undo, home } = await replaced();
    const moved = join(home, 'elsewhere');
    renameSync(join(home, 'instances'), moved);
    symlinkSync(moved, join(home, 'instances'));
    await expect(undo()).rejects.toMatchObject({ code: 'E_INSTANCE_UNSAFE' });
    expect(textOf(join(moved, 'helper', 'a'))).toBe('2');
  });

  test('one plan digest is to cover several plans', async () => {
    const { undo, run, ref, tree } = await replaced();
    await run({ release: 'v1.0.0', mode: 'merge', allowDowngrade: true });
    const before = tree();
    const planDigest = '0'.repeat(64);
    await expect(undo({ ref, through: true, planDigest })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
    expect(tree()).toEqual(before);
  });
});

describe('undoing what was undone', () => {
  test('any number of times keeps the history true', async () => {
    const { run, undo, context } = await installedScene({ a: '1' }, { a: '2' });
    const ref = refOf(await run(replaceAll));
    for (const standing of [false, true, false, true, false]) {
      await undo();
      const { operations: history } = await useCasesOf(context).history();
      expect(history.find((one) => one.ref === ref)?.undoneBy === null).toBe(standing);
    }
    await expect(undo({ ref })).rejects.toMatchObject({ code: 'E_NOTHING_TO_UNDO' });
  });

  test.each([false, true])(
    'by a run of several steps, once each (--through: %s)',
    async (through) => {
      const { run, undo, tree, context } = await installedScene({ a: '1' }, { a: '2' });
      await run({ mode: 'merge' });
      const before = tree();
      const history = await useCasesOf(context).history();
      const refs = history.operations.map((one) => one.ref);
      const ref = refs.sort()[0] ?? '';
      const { runId, operations } = await undo({ ref, through: true });
      expect(operations).toHaveLength(2);
      const again = await undo({ ref: runId, through });
      expect(again.operations.map((one) => one.undoes)).toEqual(
        operations.map((one) => one.operation?.ref).reverse(),
      );
      expect(tree()).toEqual(before);
    },
  );
});
