import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listHistory } from '../../../src/inspection/history/list-history.ts';
import { prepareHome } from '../../../src/instance/format.ts';
import type { OperationContext } from '../../../src/operations/context.ts';
import { install } from '../../../src/operations/install/install.ts';
import { mutatingCalls } from '../../../src/platform/file-system.ts';
import { twoReleases } from '../../support/helper-pack.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';

type Act = (call: string, path: string) => void;

/**
 * The same context, in which another run acts right before each call that changes the disk, as
 * long as we do not hold the lock of the home: nothing else keeps it from doing so.
 */
function beside(context: OperationContext, act: Act): OperationContext {
  const { fs: inner, locks, layout } = context;
  let alone = false;
  const racing = Object.fromEntries(
    mutatingCalls.map((name) => [
      name,
      (...args: unknown[]): void => {
        if (!alone) act(name, String(args[0]));
        (inner[name] as (...args: unknown[]) => void)(...args);
      },
    ]),
  );
  const fs = { ...inner, ...racing };
  const noting: typeof locks = {
    tryLock(path, holder) {
      const attempt = locks.tryLock(path, holder);
      if (path === layout.lock && attempt.kind === 'held') alone = true;
      return attempt;
    },
  };
  return { ...context, fs, locks: noting };
}

/** Installs into a home that does not exist yet, with another run beside. */
async function firstRun(context: OperationContext, from: string, act: Act): Promise<void> {
  await install(beside(context, act), requestOf({ from, ids: ['helper'] }));
  expect(listHistory(context).operations).toHaveLength(1);
}

test('a first run takes every directory that another run makes right before it does', async () => {
  const { context } = openWorkshop();
  const { fs, layout } = context;
  const met: string[] = [];
  await firstRun(context, twoReleases(1), (call, path) => {
    if (call !== 'makeDirectory') return;
    met.push(path);
    fs.makeDirectory(path, path.startsWith(layout.stateDirectory) ? 0o700 : 0o755);
  });
  const below = ['record', 'snapshots', 'displaced', 'evidence', 'reports', 'journal'];
  expect(met).toEqual([
    layout.home,
    layout.stateDirectory,
    ...below.map((name) => join(layout.stateDirectory, name)),
  ]);
});

test('a first run goes on where another run has made the whole home, whenever it did', async () => {
  const from = twoReleases(1);
  const calls: string[] = [];
  await firstRun(openWorkshop().context, from, (call) => void calls.push(call));
  expect(calls.length).toBeGreaterThan(8);
  for (const at of calls.keys()) {
    const { context } = openWorkshop();
    const { fs, layout } = context;
    let count = 0;
    await firstRun(context, from, () => {
      count += 1;
      if (count !== at + 1) return;
      prepareHome({ fs, layout, umask: 0o022, ref: '20261121-000000-3f9a1d' });
    });
    expect(count, calls[at]).toBeGreaterThan(at);
  }
}, 120_000);
