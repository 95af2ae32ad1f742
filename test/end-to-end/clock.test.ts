import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import type { RollbackRun } from '../../src/operations/rollback/outcome.ts';
import { openScene } from '../support/hostile-scene.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { jsonOf, startIn, type Program } from '../support/program.ts';
import { treeOf } from '../support/tree.ts';

const day = 24 * 60 * 60 * 1000;
const twoYears = 730 * day;

/** Shifts every clock that the program can ask for the date, once more after each question. */
const shifted = `
const Real = Date;
let offset = Number(process.env.CLOCK_OFFSET);
const step = Number(process.env.CLOCK_STEP);
const shift = () => Real.now() + (offset += step);
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(shift()); else super(...args); }
  static now() { return shift(); }
};
`;

it.each<[string, readonly number[], number]>([
  ['ahead', [twoYears, twoYears, twoYears, twoYears], 0],
  ['back', [-twoYears, -twoYears, -twoYears, -twoYears], 0],
  ['to and fro between runs', [twoYears, -twoYears, twoYears, -twoYears], 0],
  ['running back by two days at every question', [twoYears, 0, -twoYears, 0], -2 * day],
])('programs whose clock is two years %s do what they do', async (_how, offsets, step) => {
  const { home, instance, repository, directory } = await openScene(startIn);
  const preload = join(directory, 'shifted.mjs');
  writeFileSync(preload, shifted);
  const runAt = async (offset: number, program: Program, ...args: string[]) => {
    const variables = {
      NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
      CLOCK_OFFSET: String(offset),
      CLOCK_STEP: String(step),
    };
    const person = { directory: join(directory, 'person'), variables };
    const ran = await startIn(person, program, ...args, '--home', home, '--json');
    expect(ran.status, ran.stderr).toBe(0);
    return jsonOf(ran);
  };
  const first = treeOf(instance);
  repository.annotate(
    'v2.0.0',
    repository.commit(helperRelease({ 'IDENTITY_PROMPT.md': 'two\n', 'new.md': 'new\n' })),
  );
  const [one = 0, two = 0, three = 0, four = 0] = offsets;
  const install = ['helper', '--replace', '--backup'];
  const replaced = (await runAt(one, 'identity-install', ...install)) as InstallRun;
  const second = treeOf(instance);
  expect(second).not.toEqual(first);
  const undone = (await runAt(two, 'identity-rollback', 'last')) as RollbackRun;
  expect(undone.operations[0]?.undoes).toBe(replaced.identities[0]?.operation?.ref);
  expect(treeOf(instance)).toEqual(first);
  const again = (await runAt(three, 'identity-rollback', 'last')) as RollbackRun;
  expect(again.operations[0]?.undoes).toBe(undone.operations[0]?.operation?.ref);
  expect(treeOf(instance)).toEqual(second);
  await runAt(four, 'identity', 'verify', '--all');

  const ledger = readFileSync(join(home, '.identity-install', 'ledger.jsonl'), 'utf8');
  const entries = ledger
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { ref: string; at: string });
  const refs = entries.map(({ ref }) => ref);
  expect(refs).toHaveLength(4);
  expect(refs).toEqual([...new Set(refs)].sort());
  // The shift took place: what was written down is two years away from the machine's own time.
  expect(Math.abs(Date.parse(entries[1]?.at ?? '') - Date.now())).toBeGreaterThan(700 * day);
});
