import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OperationContext } from '../../src/operations/context.ts';
import { useCasesOf } from '../support/use-cases.ts';
import { install } from '../../src/operations/install/install.ts';
import { rollback } from '../../src/operations/rollback/rollback.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import type { Git } from '../../src/platform/git.ts';
import { createTally, judge, viewOf, type Ends, type Verdict } from '../support/aftermath.ts';
import { createFailingFileSystem, type Fault } from '../support/failing-file-system.ts';
import { liveIn, twoHelperReleases, userContents } from '../support/lived-in.ts';
import { mortal } from '../support/mortal.ts';
import { makeRepository } from '../support/repository.ts';
import { isFullSweep, recordFigures, sampled, type Figures } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { copyTree } from '../support/tree.ts';
import { openVolume, whyNoVolume, type Log, type Volume } from '../support/volume.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';

type Step = (context: OperationContext, from: string) => Promise<unknown>;

const firstInstall: Step = (context, from) =>
  install(context, requestOf({ from, ids: ['helper'], release: 'v1.0.0', register: true }));
const replace: Step = (context, from) =>
  install(
    context,
    requestOf({ from, ids: ['helper'], mode: 'replace', backup: true, prune: true }),
  );
const undo: Step = (context) => rollback(context, { ref: 'last', through: false, paths: [] });
const recover: Step = (context) => useCasesOf(context).recover();

const live: Step = ({ layout }) => {
  liveIn(join(layout.instances, 'helper'));
  return Promise.resolve();
};

/** A replace that was killed before the last call of this kind; `then` is done to what it left. */
function killedAt(pattern: RegExp, then: Step = () => Promise.resolve()): Step {
  return async (context, from) => {
    const calls = await callsOf([firstInstall, live], replace, from);
    const at = calls.findLastIndex((call) => pattern.test(call)) + 1;
    const fault: Fault = { kind: 'crash', at, when: 'before' };
    const dying = mortal(through(context, createFailingFileSystem(disk, { ...counted, fault })));
    await expect(replace(dying.context, from)).rejects.toThrow();
    dying.die();
    await then(context, from);
  };
}

/** As if the replace had met something unexpected, and had been killed while it went back. */
const aborting: Step = ({ layout }) => {
  const [ref = ''] = readdirSync(layout.journal);
  writeFileSync(join(layout.journal, ref, 'abort'), '', { mode: 0o600 });
  return Promise.resolve();
};

interface Operation {
  readonly name: string;
  readonly before: readonly Step[];
  readonly step: Step;
  /** The operation that is settled; else the step itself. */
  readonly settles?: { readonly before: readonly Step[]; readonly step: Step };
  /** What a step that returned has made durable. */
  readonly done: 'old' | 'new';
}

const replaced = { before: [firstInstall, live], step: replace };
const cut = {
  install: { name: 'first install', before: [], step: firstInstall, done: 'new' },
  replace: { name: 'replace', ...replaced, done: 'new' },
  rollback: {
    name: 'rollback of a replace',
    before: [firstInstall, live, replace],
    step: undo,
    done: 'new',
  },
  uninstall: {
    name: 'rollback of a first install',
    before: [firstInstall],
    step: undo,
    done: 'new',
  },
  discard: {
    name: 'recovery that discards',
    before: [firstInstall, live, killedAt(/^writeNew .*\/commit$/)],
    step: recover,
    settles: replaced,
    done: 'old',
  },
  forward: {
    name: 'recovery forward',
    before: [firstInstall, live, killedAt(/^exchange /)],
    step: recover,
    settles: replaced,
    done: 'new',
  },
  backward: {
    name: 'recovery backward',
    before: [firstInstall, live, killedAt(/^exchange /, aborting)],
    step: recover,
    settles: replaced,
    done: 'old',
  },
} as const satisfies Record<string, Operation>;

const disk = createDiskFileSystem();
const counted = { syncs: true } as const;

/** Without what makes things durable; git does that by itself all the same. */
const neverSynced: FileSystem = {
  ...disk,
  sync: () => undefined,
  barrier: () => Promise.resolve(),
};

/** All but the one that stands before the commit marker. */
function withoutFirstBarrier(): FileSystem {
  let barriers = 0;
  return {
    ...disk,
    async barrier(paths) {
      if (paths.some((path) => path.endsWith('.identity-install'))) barriers += 1;
      if (barriers !== 1) await disk.barrier(paths);
    },
  };
}

/** Everything that this context writes goes through `fs`, and what git does are calls of its own. */
function through(context: OperationContext, fs: FileSystem): OperationContext {
  return { ...context, fs, git: punctuated(context.git, fs) };
}

/** Counts the moment before each call that makes git write: a barrier over nothing does nothing. */
function punctuated(git: Git, fs: FileSystem): Git {
  const point = () => fs.barrier([]);
  return {
    ...git,
    createStore: (...args) => point().then(() => git.createStore(...args)),
    fetch: (...args) => point().then(() => git.fetch(...args)),
    updateRefs: (...args) => point().then(() => git.updateRefs(...args)),
  };
}

/** The calls of a step in a home of its own. */
async function callsOf(before: readonly Step[], step: Step, from: string): Promise<string[]> {
  const { context } = openWorkshop();
  for (const earlier of before) await earlier(context, from);
  const counting = createFailingFileSystem(disk, counted);
  await step(through(context, counting), from);
  return [...counting.log];
}

interface Point {
  readonly at: number;
  readonly when: 'before' | 'during';
  readonly log: Log;
}

/** Before a call is after the one before it; the last point is after everything. */
function pointsOf(calls: readonly string[]): Point[] {
  const points = [...calls, 'the end'].flatMap((call, index): Point[] => [
    { at: index + 1, when: 'before', log: 'lost' },
    { at: index + 1, when: 'before', log: 'kept' },
    ...(/^(?:writeNew|append) /.test(call)
      ? [{ at: index + 1, when: 'during', log: 'kept' } as const]
      : []),
  ]);
  return points;
}

async function endsOf({ before, step }: Pick<Operation, 'before' | 'step'>, from: string) {
  const { context } = openWorkshop();
  for (const earlier of before) await earlier(context, from);
  const old = await viewOf(context);
  await step(context, from);
  const wrote = before.includes(live);
  return { before: old, after: await viewOf(context), contents: wrote ? userContents : [] };
}

/** Cuts the power at the points of an operation, and lets the next command settle what is left. */
async function sweep(
  volume: Volume,
  operation: Operation,
  openDisk: () => FileSystem,
  atMost: number,
) {
  const { before, step, done, settles = operation } = operation;
  const { path: from } = makeRepository(twoHelperReleases);
  const ends: Ends = await endsOf(settles, from);
  expect(ends.after).not.toEqual(ends.before);

  const home = join(volume.root, 'home');
  const start = openWorkshop(home);
  for (const earlier of before) await earlier(start.context, from);
  const saved = join(temporaryDirectory(), 'saved');
  const hadHome = existsSync(home);
  if (hadHome) copyTree(home, saved);
  const restore = () => {
    rmSync(home, { recursive: true, force: true });
    if (hadHome) copyTree(saved, home);
    volume.settle();
  };

  restore();
  const counting = createFailingFileSystem(openDisk(), counted);
  await step(through(openWorkshop(home).context, counting), from);
  const calls = counting.log;
  expect(calls.length).toBeGreaterThan(10);

  const tally = createTally();
  for (const point of sampled(pointsOf(calls), atMost)) {
    restore();
    const { at, when, log } = point;
    const fault: Fault = { kind: 'crash', at, when };
    const failing = createFailingFileSystem(openDisk(), { ...counted, fault });
    const { context, die } = mortal(through(openWorkshop(home).context, failing));
    const returned = await step(context, from).then(
      () => true,
      () => false,
    );
    volume.cut(log);
    die();
    await volume.restart();

    const next = openWorkshop(home).context;
    const settled = await settle(next);
    const where = `${when} ${at} ${calls[at - 1] ?? 'the end'}, log ${log}`;
    let verdict = settled.failed ?? (await judge(next, ends));
    if (returned && verdict.end !== done && verdict.end !== 'mixed') {
      verdict = { end: 'mixed', lost: 0, why: `it returned, and then it was ${verdict.end}` };
    }
    // A release store that was cut off in the middle must not stop the next install.
    if (verdict.end === 'old' && settles.step !== undo) {
      const again = await settles.step(next, from).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      const anew = await judge(next, ends);
      if (anew.end !== 'new') {
        verdict = { end: 'mixed', lost: anew.lost, why: `then not done: ${again ?? anew.why}` };
      }
    }
    tally.add(where, verdict, settled.recovered);
  }
  return tally;
}

async function settle(
  context: OperationContext,
): Promise<{ readonly recovered: boolean; readonly failed?: Verdict }> {
  try {
    const recovered = await useCasesOf(context).recover();
    return { recovered: recovered.length > 0 };
  } catch (error) {
    const why = `recovery: ${error instanceof Error ? error.message : String(error)}`;
    return { recovered: false, failed: { end: 'mixed', lost: 0, why } };
  }
}

const names = { xfs: 'XFS', ext4: 'ext4' } as const;

describe.each(['xfs', 'ext4'] as const)('on %s, a power cut at any call of', (type) => {
  let reason: string | undefined;
  // Found out by making a volume, which whoever only lists the tests must not do.
  beforeAll(() => void (reason = whyNoVolume(type)));
  beforeEach(({ skip }) => skip(reason !== undefined, reason));
  const record = (operation: Operation, figures: Figures, control = '') => {
    recordFigures(`power cut, ${names[type]}: ${operation.name}${control}`, figures);
  };

  test.for<Operation>(Object.values(cut))(
    'a $name leaves the old or the new state, and loses nothing',
    async (operation) => {
      const tally = await sweep(openVolume(type), operation, () => disk, 5);
      record(operation, tally.figures);
      expect(tally.failures).toEqual([]);
    },
  );

  /** A check that never fails proves nothing: this is what it says of a program that never syncs. */
  test.for<Operation>(
    isFullSweep ? [cut.install, cut.replace, cut.rollback, cut.forward] : [cut.replace],
  )('a $name that never syncs is found out', async (operation) => {
    const { figures } = await sweep(openVolume(type), operation, () => neverSynced, 5);
    record(operation, figures, ' (control without fsync: has to fail)');
    expect(figures.mixed + figures.lost).toBeGreaterThan(0);
  });

  /** Barrier 2 cannot be missed on these two: a later fsync writes out all names before it. */
  test.for<Operation>([cut.replace])(
    'a $name that leaves out barrier 1 is found out',
    async (operation) => {
      const { figures } = await sweep(openVolume(type), operation, withoutFirstBarrier, 11);
      record(operation, figures, ' (control without barrier 1: has to fail)');
      expect(figures.mixed + figures.lost).toBeGreaterThan(0);
    },
  );
});
