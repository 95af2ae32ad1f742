import { expect } from 'vitest';
import { sha256 } from '../../../src/core/digest.ts';
import { InstallError } from '../../../src/core/errors.ts';
import type { OperationContext } from '../../../src/operations/context.ts';
import { useCasesOf } from '../../support/use-cases.ts';
import { createFailingFileSystem } from '../../support/failing-file-system.ts';
import { requestOf } from '../../support/workshop.ts';
import { edited } from './edit.ts';
import {
  afterInstall,
  afterUndo,
  emptyHome,
  targetOf,
  withTree,
  type Home,
  type InstallStep,
  type Outcome,
  type Releases,
  type UndoStep,
} from './home.ts';
import { ids, standingAfter, type Id } from './model.ts';
import type { CrashStep, Step } from './steps.ts';
import { sameNode, textOfTree, type Tree } from './tree.ts';
import { openWorld, source, tagOf, type World } from './world.ts';

/** What one sequence came to. */
export interface Tally {
  operations: number;
  refusals: number;
  /** Crashes after which the state from before stood, and those after which the new one did. */
  old: number;
  new: number;
  recovered: number;
}

interface LedgerLine {
  readonly ref: string;
  readonly run_id: string;
  readonly identity_id: string;
  readonly outcome: string;
  readonly evidence_sha256: string;
  readonly previous: string;
}

/**
 * Takes every step on a machine in memory and on the model, compares after each, and at the end
 * undoes everything that still stands.
 */
export async function runSequence(
  releases: Releases,
  steps: readonly Step[],
  tally: Tally,
): Promise<void> {
  const run = new Run(releases, tally);
  for (const step of steps) await run.take(step);
  await run.undoEverything();
}

type ExactTrees = Readonly<Record<Id, readonly string[]>>;

class Run {
  readonly #releases: Releases;
  readonly #tally: Tally;
  readonly #world: World;
  /** What must be. */
  #home: Home = emptyHome;
  /** The exact trees around every operation, for its undo. */
  readonly #around: { readonly before: readonly string[]; readonly after: readonly string[] }[] =
    [];

  constructor(releases: Releases, tally: Tally) {
    this.#releases = releases;
    this.#tally = tally;
    this.#world = openWorld(releases);
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'install':
      case 'undo':
        await this.#command(step);
        break;
      case 'crash':
        await this.#crash(step);
        break;
      case 'edit': {
        this.#world.edit(step);
        const { tree } = this.#home.identities[step.id];
        this.#home = withTree(this.#home, step.id, edited(tree, step));
        this.#compare('the edit');
        break;
      }
      case 'let time pass':
        this.#world.clock.advance(step.milliseconds);
        break;
      case 'verify':
        await this.#verify();
    }
  }

  /**
   * Newest first, until nothing stands: then only what users made is left, and no record. What was
   * revived behind an undo of some paths only can bar the way to those; the oldest goes through it.
   */
  async undoEverything(): Promise<void> {
    for (const id of ids) {
      const standing = standingAfter(this.#home.operations, -1, id);
      for (const one of standing) {
        const back = this.#home.operations.length - 1 - one;
        const through = one === standing.at(-1);
        await this.#command({ do: 'undo', back, by: 'ref', through, path: null });
      }
    }
    for (const id of ids) expect(this.#home.identities[id].record).toBeNull();
    await this.#verify();
  }

  #expected(step: InstallStep | UndoStep): Outcome {
    return step.do === 'install'
      ? afterInstall(this.#home, this.#existing(step), this.#releases)
      : afterUndo(this.#home, step);
  }

  /** Sequences are drawn without knowing how many releases there are. */
  #existing(step: InstallStep): InstallStep {
    return { ...step, release: step.release % this.#releases.length };
  }

  #carryOut(context: OperationContext, step: InstallStep | UndoStep): Promise<unknown> {
    const { install, rollback } = useCasesOf(context);
    if (step.do === 'install') {
      const { release, mode, prune, includeState, restoreDeleted, keep } = this.#existing(step);
      return install(
        requestOf({
          from: source,
          ids: step.ids,
          release: tagOf(release),
          mode,
          prune,
          includeState,
          restoreDeleted,
          keep,
          backup: step.backup || mode === 'replace',
          allowDowngrade: step.downgrade,
        }),
      );
    }
    const paths = step.path === null ? [] : [step.path];
    return rollback({ ref: this.#referenceOf(step), through: step.through, paths });
  }

  #referenceOf(step: UndoStep): string {
    const line = this.#ledger()[targetOf(this.#home, step) ?? 0];
    if (step.by === 'last' || line === undefined) return 'last';
    if (step.by === 'last of its identity') return `${line.identity_id}@last`;
    return step.by === 'ref' ? line.ref : line.run_id;
  }

  async #command(step: InstallStep | UndoStep): Promise<void> {
    const expected = this.#expected(step);
    const before = this.#exactTrees();
    const { context, die } = this.#world.boot();
    const refusal = await codeOf(this.#carryOut(context, step));
    die();
    if (expected.kind === 'refused') {
      expect(refusal).toBe(expected.code);
      expect(this.#exactTrees()).toEqual(before);
      this.#tally.refusals += 1;
      this.#compare('the refusal');
      return;
    }
    expect(refusal).toBeUndefined();
    this.#adopt(expected.homes, expected.homes.length - 1, before);
  }

  async #crash({ command, at, when }: CrashStep): Promise<void> {
    const expected = this.#expected(command);
    const homes = expected.kind === 'done' ? expected.homes : ([this.#home] as const);
    const before = this.#exactTrees();
    const failing = createFailingFileSystem(this.#world.fs, { fault: { kind: 'crash', at, when } });
    const dying = this.#world.boot(failing);
    const killed = await this.#carryOut(dying.context, command).then(
      () => false,
      (error: unknown) => {
        if (failing.log.length >= at) return true;
        expect(expected).toEqual({ kind: 'refused', code: (error as InstallError).code });
        return false;
      },
    );
    dying.die();
    const settled = await useCasesOf(this.#world.boot().context).recover();
    // One command may be several operations; how far it came, the ledger says.
    const done = this.#ledger().length - this.#home.operations.length;
    expect(settled.flatMap((one) => one.warnings)).toEqual([]);
    if (!killed) expect(done).toBe(homes.length - 1);
    else this.#tally[done === 0 ? 'old' : 'new'] += 1;
    if (settled.length > 0) this.#tally.recovered += 1;
    this.#adopt(homes, done, before);
  }

  /** Takes over the model's home after so many operations, and remembers what was around each. */
  #adopt(homes: readonly Home[], done: number, before: ExactTrees): void {
    const home = homes[done];
    if (home === undefined)
      throw new Error(`${done} operations were done, not ${homes.length - 1}`);
    const first = this.#home.operations.length;
    this.#home = home;
    this.#compare('the command');
    const after = this.#exactTrees();
    const fresh = home.operations.slice(first);
    for (const [index, operation] of fresh.entries()) {
      const alone = fresh.filter(({ id }) => id === operation.id).length === 1;
      const around = { before: before[operation.id], after: after[operation.id] };
      // In the middle of a sequence there is no looking at the disk.
      this.#around.push(alone ? around : { before: [], after: [] });
      if (alone && operation.undoes !== null) this.#expectInverse(operation.undoes, first + index);
      this.#expectKept(first + index);
      this.#tally.operations += 1;
    }
  }

  /** Where nobody edited anything since, an undo restores exactly. */
  #expectInverse(undone: number, undo: number): void {
    const [there, back] = [this.#around[undone], this.#around[undo]];
    if (there === undefined || there.after.length + there.before.length === 0) return;
    if (JSON.stringify(there.after) !== JSON.stringify(back?.before)) return;
    expect(back?.after, 'an undo of what nobody touched').toEqual(there.before);
  }

  /** Every byte that an operation took out of an instance lies in what it displaced. */
  #expectKept(position: number): void {
    const operation = this.#home.operations[position];
    const ref = this.#ledger()[position]?.ref ?? '';
    const { raw } = this.#world.fs;
    const directory = this.#world.layout.displaced(ref);
    const kept = new Set(
      raw
        .readdirSync(directory)
        .map(String)
        .filter((name) => /^\d+$/.test(name))
        .map((name) => raw.readFileSync(`${directory}/${name}`, 'utf8')),
    );
    for (const [path, node] of operation?.before.tree ?? []) {
      const now = operation?.after.tree.get(path);
      if (node.kind !== 'file' || (now?.kind === 'file' && now.content === node.content)) continue;
      expect(kept, `the bytes of ${path}`).toContain(node.content);
    }
  }

  #exactTrees(): ExactTrees {
    return { one: this.#world.exactTreeOf('one'), two: this.#world.exactTreeOf('two') };
  }

  #ledger(): readonly LedgerLine[] {
    const { raw } = this.#world.fs;
    const path = this.#world.layout.ledger;
    if (!raw.existsSync(path)) return [];
    const lines = raw.readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LedgerLine);
  }

  #compare(what: string): void {
    for (const id of ids) {
      const { tree } = this.#home.identities[id];
      expect(textOfTree(this.#world.treeOf(id)), `${id} after ${what}`).toEqual(textOfTree(tree));
      expect(this.#recordOf(id), `the record of ${id} after ${what}`).toEqual(
        this.#modelRecord(id),
      );
    }
    this.#expectTrail();
  }

  #modelRecord(id: Id): unknown {
    const { record } = this.#home.identities[id];
    if (record === null) return null;
    const bases = [...record.bases].map(([path, { content, executable }]) => [
      path,
      { sha256: sha256(content), executable },
    ]);
    return { tag: tagOf(record.release), bases: Object.fromEntries(bases) as unknown };
  }

  #recordOf(id: Id): unknown {
    const { raw } = this.#world.fs;
    const path = this.#world.layout.recordFile(id);
    if (!raw.existsSync(path)) return null;
    const { release, files } = JSON.parse(raw.readFileSync(path, 'utf8')) as {
      release: { tag: string };
      files: Record<string, { sha256: string; executable: boolean }>;
    };
    const bases = Object.entries(files).map(([name, { sha256: digest, executable }]) => [
      name,
      { sha256: digest, executable },
    ]);
    return { tag: release.tag, bases: Object.fromEntries(bases) as unknown };
  }

  /** One line an operation, chained; evidence as the ledger has it; nothing pending. */
  #expectTrail(): void {
    const { raw } = this.#world.fs;
    const { layout } = this.#world;
    const ledger = this.#ledger();
    const operations = this.#home.operations.map(({ id }) => `${id} done`);
    expect(ledger.map((line) => `${line.identity_id} ${line.outcome}`)).toEqual(operations);
    for (const { ref, evidence_sha256: digest } of ledger) {
      expect(sha256(raw.readFileSync(layout.evidence(ref)))).toBe(digest);
    }
    if (raw.existsSync(layout.journal)) expect(raw.readdirSync(layout.journal)).toEqual([]);
  }

  async #verify(): Promise<void> {
    const { identities } = await useCasesOf(this.#world.boot().context).verify({ ids: [] });
    const found = identities.map(({ id, files, problems }) => ({ id, ...files, problems }));
    const expected = ids.flatMap((id) => {
      const { record, tree } = this.#home.identities[id];
      return record === null ? [] : [{ id, ...driftOf(record.bases, tree), problems: [] }];
    });
    expect(found).toEqual(expected);
    this.#compare('verify');
  }
}

function driftOf(bases: Tree, tree: Tree) {
  const missing = [...bases.keys()].filter((path) => !tree.has(path)).sort(byComponent);
  const there = [...bases].filter(([path]) => tree.has(path));
  const intact = there.filter(([path, base]) => sameNode(tree.get(path), base));
  const modified = there
    .filter(([path, base]) => !sameNode(tree.get(path), base))
    .map(([path]) => path);
  const localOnly = [...tree]
    .filter(([path, node]) => node.kind !== 'directory' && !bases.has(path))
    .map(([path]) => path);
  return {
    intact: intact.length,
    modified: modified.sort(byComponent),
    missing,
    localOnly: localOnly.sort(byComponent),
  };
}

function byComponent(left: string, right: string): number {
  const [a, b] = [left.replaceAll('/', '\0'), right.replaceAll('/', '\0')];
  return a < b ? -1 : a === b ? 0 : 1;
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof InstallError && error.code !== 'E_BUG') return error.code;
    throw error;
  }
}
