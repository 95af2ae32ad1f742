import { pathExistsSync, removeSync } from 'fs-extra/esm';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { errorCodes } from '../../src/core/error-codes.ts';
import { InstallError } from '../../src/core/errors.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { useCasesOf } from './use-cases.ts';
import { findJournals, phaseOf, type JournalPhase } from '../../src/engine/journal/journal.ts';
import { homeLayout } from '../../src/instance/layout.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import {
  Crash,
  createFailingFileSystem,
  describeFault,
  type FailingOptions,
  type Fault,
} from './failing-file-system.ts';
import { homeTree, liveDigests, lostFrom, problemsOf, viewOf } from './home-state.ts';
import { mortal } from './mortal.ts';
import { rememberingGit } from './remembering-git.ts';
import { recordFigures, type Figures } from './sweep.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { copyTree } from './tree.ts';
import { openWorkshop } from './workshop.ts';
import { hintOf } from './hint-of.ts';

/** Killing a process loses nothing that was written; only a power cut asks for barriers. */
export const unsyncedDisk: FileSystem = {
  ...createDiskFileSystem(),
  sync: () => undefined,
  barrier: () => Promise.resolve(),
};

/** Where an operation is swept. */
export interface Stage {
  readonly home: string;
  /** The source of the releases. */
  readonly from: string;
}

export type Step = (context: OperationContext, stage: Stage) => Promise<unknown>;

export interface SweptOperation {
  readonly name: string;
  /** The identities that it is about; each is a transaction of its own. */
  readonly ids: readonly string[];
  /** A source with the releases. */
  readonly makeSource: () => string;
  /** What happened in the home before, in order. */
  readonly before: readonly Step[];
  readonly step: Step;
  /** What the disk can do; everything when left out. */
  readonly disk?: FileSystem;
  /** It shares all but a few calls with another one: a smaller sample of its points is enough. */
  readonly isVariant?: boolean;
}

/** An operation that can be repeated from the same state, and the two states it may end in. */
export interface PreparedOperation {
  readonly name: string;
  readonly ids: readonly string[];
  /** Makes the home what it was before. */
  readonly restore: () => void;
  /** A process that sees the home through a disk on which one fault may lie in wait. */
  readonly open: (options?: FailingOptions, onDisk?: FileSystem) => Process;
  readonly disk: FileSystem;
  readonly step: (context: OperationContext) => Promise<unknown>;
  readonly home: string;
  /** By identity. */
  readonly old: ReadonlyMap<string, string>;
  readonly new: ReadonlyMap<string, string>;
  /** Digests of every file that could be seen before. */
  readonly seen: ReadonlySet<string>;
  readonly oldTree: Record<string, string>;
  /** It only settles what is pending, one way or the other; it promises no new state. */
  readonly settles?: boolean;
}

export interface Process {
  readonly context: OperationContext;
  readonly log: readonly string[];
  /** Gives back what the kernel gives back when a process ends. */
  readonly die: () => void;
}

/** Runs an operation once on a sound disk to learn how it ends, and puts everything back. */
export async function prepare(operation: SweptOperation): Promise<PreparedOperation> {
  const { name, ids, before, step, disk = unsyncedDisk } = operation;
  const directory = temporaryDirectory();
  const stage: Stage = { home: join(directory, 'home'), from: operation.makeSource() };
  const { home } = stage;
  const workshop = openWorkshop(home);
  // Outside of the home, which is put back for every fault. Faults in it: release-faults.test.ts.
  const releasesDirectory = join(directory, 'releases');
  mkdirSync(releasesDirectory);
  const git = rememberingGit(workshop.context.git);
  const open = (options: FailingOptions = {}, onDisk = disk): Process => {
    const fs = createFailingFileSystem(onDisk, options);
    const context = workshop.through(fs, releasesDirectory);
    return { ...mortal({ ...context, git }), log: fs.log };
  };
  for (const earlier of before) {
    await earlier(workshop.through(disk, releasesDirectory), stage);
  }
  const saved = join(directory, 'saved');
  if (pathExistsSync(home)) copyTree(home, saved);
  const restore = (): void => {
    removeSync(home);
    if (pathExistsSync(saved)) copyTree(saved, home);
  };
  const views = () => new Map(ids.map((id) => [id, viewOf(home, id)]));
  const old = views();
  const seen = liveDigests(home);
  const oldTree = userTree(home);
  await step(open().context, stage);
  const after = views();
  for (const id of ids) expect(after.get(id)).not.toEqual(old.get(id));
  expect(await problemsOf(home)).toEqual([]);
  restore();
  return {
    name,
    ids,
    home,
    restore,
    open,
    disk,
    old,
    new: after,
    seen,
    oldTree,
    step: (given) => step(given, stage),
  };
}

/** One thing that goes wrong on the way. */
export interface Trial {
  readonly fault: Fault;
  /** What the call was. */
  readonly call: string;
}

/** How many trials ended how; of each identity for itself. */
export type Tally = Readonly<Record<string, Figures>>;

/**
 * Tries every fault in a run of its own, lets the next command settle what is left, and holds the
 * home (docs/reliability.md#faults): the old or the new state, books that agree with it, nothing
 * lost, nothing left to settle.
 */
export async function sweep(
  operation: PreparedOperation,
  trials: readonly Trial[],
  options: FailingOptions = {},
): Promise<Tally> {
  const { ids } = operation;
  const tally = Object.fromEntries(
    ids.map((id) => [id, { points: 0, old: 0, new: 0, recovered: 0, mixed: 0, lost: 0 }]),
  );
  const failures: string[] = [];
  for (const [index, trial] of trials.entries()) {
    const where = `${describeFault(trial.fault)}: ${trial.call}`;
    const outcome = await tryOne(operation, trial, { ...options, undoes: index % 5 === 0 });
    for (const problem of outcome.problems) failures.push(`${where}: ${problem}`);
    for (const id of ids) {
      const figures = tally[id];
      if (figures === undefined) continue;
      figures.points += 1;
      figures[outcome.ended.get(id) ?? 'mixed'] += 1;
      if (outcome.recovered) figures.recovered += 1;
      figures.lost += outcome.lost;
    }
  }
  expect(failures.slice(0, 20), `${failures.length} of ${trials.length} trials`).toEqual([]);
  return tally;
}

interface Outcome {
  readonly ended: ReadonlyMap<string, 'old' | 'new' | 'mixed'>;
  readonly recovered: boolean;
  readonly lost: number;
  readonly problems: readonly string[];
}

async function tryOne(
  operation: PreparedOperation,
  { fault }: Trial,
  { undoes, ...options }: FailingOptions & { readonly undoes: boolean },
): Promise<Outcome> {
  const { home, ids, open, restore, step } = operation;
  const problems: string[] = [];
  restore();
  const failing = open({ ...options, fault });
  const thrown = await caught(step(failing.context));
  failing.die();
  const claimed = stateOf(operation);
  problems.push(...honest(thrown, fault, claimed, operation.settles));

  const next = open();
  const settled = await useCasesOf(next.context).recover();
  problems.push(...settled.flatMap((one) => one.warnings).map(({ message }) => message));
  const ended = stateOf(operation);
  for (const [id, state] of ended) if (state === 'mixed') problems.push(`${id} is neither`);
  const standing = [...ended].filter(([, state]) => state === 'new').map(([id]) => id);
  if (thrown instanceof InstallError && settled.length === 0 && !operation.settles) {
    const said = `${thrown.message} ${hintOf(thrown) ?? ''}`;
    const says = /changes are complete|Done before it stopped/.test(said);
    if (says !== standing.length > 0) problems.push(`${standing.length} stand, but: ${said}`);
  }
  const lost = await lostFrom(home, operation.seen);
  if (lost.length > 0) problems.push(`lost: ${lost.join(' ')}`);
  problems.push(...(await problemsOf(home).catch((error: unknown) => [String(error)])));

  const before = homeTree(home);
  const again = await useCasesOf(open().context).recover();
  if (again.length > 0 || JSON.stringify(homeTree(home)) !== JSON.stringify(before)) {
    problems.push('a second recovery went on');
  }
  if (undoes && standing.length === ids.length) problems.push(...(await undone(operation)));
  return { ended, recovered: settled.length > 0, lost: lost.length, problems };
}

/** What a command says is true: success means the new state, failure has a code and a hint. */
function honest(
  thrown: Error | undefined,
  fault: Fault,
  claimed: ReadonlyMap<string, string>,
  settles = false,
): readonly string[] {
  if (thrown === undefined) {
    const false_ = [...claimed]
      .filter(([, state]) => state !== 'new' && !(settles && state === 'old'))
      .map(([id]) => id);
    return false_.map((id) => `success was reported, but ${id} is not new`);
  }
  if (thrown instanceof Crash) return fault.kind === 'crash' ? [] : ['it died'];
  if (fault.kind === 'crash') return [];
  if (!(thrown instanceof InstallError)) return [`no error of ours: ${thrown.message}`];
  if (thrown.code === 'E_BUG' || !(thrown.code in errorCodes)) return [`code ${thrown.code}`];
  return thrown.remedy === undefined ? [`${thrown.message} has no hint`] : [];
}

function stateOf(operation: PreparedOperation): ReadonlyMap<string, 'old' | 'new' | 'mixed'> {
  return new Map(
    operation.ids.map((id) => {
      const now = viewOrWhy(operation.home, id);
      if (now === operation.new.get(id)) return [id, 'new'];
      return [id, now === operation.old.get(id) ? 'old' : 'mixed'];
    }),
  );
}

/** A record that cannot be read is neither state. */
function viewOrWhy(home: string, id: string): string {
  try {
    return viewOf(home, id);
  } catch (error) {
    return String(error);
  }
}

/** Undoing everything that the run did brings the old tree back, byte for byte. */
async function undone({ home, open, oldTree }: PreparedOperation): Promise<readonly string[]> {
  const ref = lastRun(home);
  const failed = await caught(
    useCasesOf(open().context).rollback({ ref, through: false, paths: [] }),
  );
  if (failed !== undefined) return [`it cannot be undone: ${failed.message}`];
  const same = JSON.stringify(userTree(home)) === JSON.stringify(oldTree);
  return same ? [] : ['undone, it is not what it was'];
}

/** The run that the last line of the ledger belongs to. */
export function lastRun(home: string): string {
  const lines = readFileSync(homeLayout(home).ledger, 'utf8').trimEnd().split('\n');
  return (JSON.parse(lines.at(-1) ?? '') as { run_id: string }).run_id;
}

/** What is not ours; the directory of all instances stays when the only one is taken back. */
function userTree(home: string): Record<string, string> {
  const tree = homeTree(home);
  const ours = (path: string) => path === '.' || path.startsWith('.identity-install');
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => !ours(path) && path !== 'instances'),
  );
}

async function caught(work: Promise<unknown>): Promise<Error | undefined> {
  return await work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
}

/** The names of the calls that a run of the operation makes, on a disk without faults. */
export async function callsOf(
  { restore, open, step }: PreparedOperation,
  options: FailingOptions,
): Promise<readonly string[]> {
  restore();
  const { context, log, die } = open(options);
  await step(context);
  die();
  restore();
  return log;
}

/** What a fault has to leave behind for its recovery to be swept. */
export interface Interruption {
  /** The one call that the system refuses, so that the operation turns back. */
  readonly refusedAt?: number;
  /** The call after which the process is killed. */
  readonly killedAt: number;
}

/** The names of the calls from a refusal on to the end, as the operation turns back. */
export async function callsAfterRefusal(
  prepared: PreparedOperation,
  refusedAt: number,
): Promise<readonly string[]> {
  prepared.restore();
  const inner = createFailingFileSystem(prepared.disk, { syncs: true });
  const fault = { kind: 'refuse', at: refusedAt, errno: 'EIO' } as const;
  const { context, die } = prepared.open({ fault, syncs: true }, inner);
  await expect(prepared.step(context)).rejects.toThrow('EIO');
  die();
  return inner.log;
}

/** The recovery of an operation that was interrupted in a phase, as an operation of its own. */
export async function prepareRecovery(
  prepared: PreparedOperation,
  { refusedAt, killedAt }: Interruption,
  phase: JournalPhase,
): Promise<PreparedOperation> {
  prepared.restore();
  const fault = { kind: 'crash', at: killedAt, when: 'after' } as const;
  const inner = createFailingFileSystem(prepared.disk, { fault, syncs: true });
  const refusal = { kind: 'refuse', at: refusedAt ?? 0, errno: 'EIO' } as const;
  const { context, die } = prepared.open({ fault: refusal, syncs: true }, inner);
  await expect(prepared.step(context)).rejects.toThrow();
  die();
  const { journals } = findJournals(prepared.disk, homeLayout(prepared.home));
  expect(journals.map((journal) => phaseOf(prepared.disk, journal))).toEqual([phase]);
  const saved = join(temporaryDirectory(), 'pending');
  copyTree(prepared.home, saved);
  return {
    ...prepared,
    settles: true,
    restore: () => {
      removeSync(prepared.home);
      copyTree(saved, prepared.home);
    },
    step: (given) => useCasesOf(given).recover(),
  };
}

/** Figures of several sweeps of one kind. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum: Record<string, Figures> = {};
  for (const tally of tallies) {
    for (const [id, figures] of Object.entries(tally)) {
      const so = sum[id];
      sum[id] =
        so === undefined
          ? figures
          : {
              points: so.points + figures.points,
              old: so.old + figures.old,
              new: so.new + figures.new,
              recovered: so.recovered + figures.recovered,
              mixed: so.mixed + figures.mixed,
              lost: so.lost + figures.lost,
            };
    }
  }
  return sum;
}

/** One row for an operation on one identity, one for each identity of a run. */
export function recordTally(name: string, tally: Tally): void {
  const rows = Object.entries(tally);
  for (const [id, figures] of rows) {
    recordFigures(rows.length === 1 ? name : `${name} (${id})`, figures);
  }
}
