import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useCasesOf } from '../support/use-cases.ts';
import { createTestDisk } from '../support/test-disk.ts';
import { mutatingCalls } from '../../src/platform/file-system.ts';
import { openScene, refOf, replaceAll, textOf, type Scene } from '../support/scene.ts';

const twoYears = 2 * 365 * 24 * 60 * 60 * 1000;

/** Called before every use case, or before every call that changes the disk. */
type Jump = (clock: Scene['clock'], count: number) => void;

const noJump: Jump = () => undefined;
const ahead: Jump = (clock) => clock.advance(twoYears);
const back: Jump = (clock) => clock.advance(-twoYears);
const toAndFro: Jump = (clock, count) => clock.advance(count % 2 === 0 ? twoYears : -twoYears);
const froAndTo: Jump = (clock, count) => clock.advance(count % 2 === 0 ? -twoYears : twoYears);

interface Line {
  readonly ref: string;
  readonly operation: string;
  readonly outcome: string;
  readonly undoes: string | null;
  readonly summary: string;
}

/** What is the same whenever it happens: a ref becomes its place in the ledger. */
function timeless(scene: Scene): unknown {
  const lines = textOf(scene.state('ledger.jsonl')).trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as Line);
  const place = new Map(entries.map(({ ref }, index) => [ref, `<${index}>`]));
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replace(/\d{8}-\d{6}-[0-9a-f]{6}/g, (ref) => place.get(ref) ?? ref)
        .replaceAll(scene.home, '<home>'),
    );
  return entries.map(({ ref, operation, outcome, undoes, summary }) => {
    const evidence = JSON.parse(textOf(scene.state('evidence', `${ref}.json`))) as {
      readonly [field in 'changes' | 'files' | 'warnings' | 'findings']: unknown;
    };
    const { changes, files, warnings, findings } = evidence;
    return plain({
      ref,
      operation,
      outcome,
      undoes,
      summary,
      changes,
      files,
      warnings,
      findings,
    });
  });
}

/** An install, an update, two rollbacks by `last`, and a replace; the tree after each. */
async function live(jumpBetween: Jump, jumpDuring: Jump) {
  const scene = openScene({ 'gone.md': 'gone\n' }, { 'come.md': 'come\n' });
  let calls = 0;
  let steps = 0;
  const disk = createTestDisk();
  const jumping = Object.fromEntries(
    mutatingCalls.map((name) => [
      name,
      (...args: never[]) => {
        jumpDuring(scene.clock, (calls += 1));
        (disk[name] as (...given: never[]) => void)(...args);
      },
    ]),
  );
  const context = scene.through({ ...disk, ...jumping });
  const before = () => jumpBetween(scene.clock, (steps += 1));
  const trees: unknown[] = [];
  const refs: string[] = [];

  for (const given of [{ release: 'v1.0.0' }, { mode: 'merge' }] as const) {
    before();
    refs.push(refOf(await scene.run(given, context)));
    trees.push(scene.tree());
  }
  for (let undone = 0; undone < 2; undone += 1) {
    before();
    const [outcome] = (await scene.undo({}, context)).operations;
    expect(outcome?.undoes).toBe(refs.at(-1));
    refs.push(outcome?.operation?.ref ?? '');
    trees.push(scene.tree());
  }
  before();
  refs.push(
    refOf(await scene.run({ ...replaceAll, release: 'v1.0.0', allowDowngrade: true }, context)),
  );
  trees.push(scene.tree());

  const ledger = textOf(scene.state('ledger.jsonl')).trimEnd().split('\n');
  expect(ledger.map((line) => (JSON.parse(line) as Line).ref)).toEqual(refs);
  before();
  const verified = await useCasesOf(context).verifyHome({});
  expect(verified.problems).toEqual([]);
  const record = JSON.parse(readFileSync(scene.state('record', 'helper.json'), 'utf8')) as {
    readonly files: unknown;
  };
  return { refs, trees, operations: timeless(scene), files: record.files };
}

describe('a clock two years off changes nothing but the timestamps', () => {
  it.each<[string, Jump, Jump]>([
    ['ahead before every operation', ahead, noJump],
    ['back before every operation', back, noJump],
    ['to and fro between operations', toAndFro, noJump],
    ['fro and to between operations', froAndTo, noJump],
    ['to and fro at every call within them', noJump, toAndFro],
    ['fro and to at every call within them', noJump, froAndTo],
    ['back, and to and fro at every call', back, toAndFro],
  ])('%s', async (_how, between, during) => {
    const { refs, ...same } = await live(between, during);
    const steady = await live(noJump, noJump);
    expect({ ...same, refs: steady.refs }).toEqual(steady);
    expect(refs).toEqual([...new Set(refs)].sort());
  });
});
