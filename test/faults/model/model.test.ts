/**
 * Random sequences of installs, rollbacks, edits and crashes against a model that says once more,
 * without any of the program's code, what must come out. `IDENTITY_MODEL_SEED` draws others than
 * usual, `IDENTITY_MODEL_RUNS` more or fewer; a failure names the seed and the shrunk sequence.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFullSweep, recordFigures } from '../../support/sweep.ts';
import { runSequence, type Tally } from './run.ts';
import { releases, steps } from './steps.ts';

const sequences = Number(process.env['IDENTITY_MODEL_RUNS'] ?? (isFullSweep ? 10_000 : 150));
// The same every time: a test that fails only sometimes does not help whoever did not break it.
const seed = Number(process.env['IDENTITY_MODEL_SEED'] ?? 20261121);

test('any sequence of installs, rollbacks, edits and crashes leaves what the model says', async () => {
  const tally: Tally = { operations: 0, refusals: 0, old: 0, new: 0, recovered: 0 };
  await fc.assert(
    fc.asyncProperty(releases, steps, (given, taken) => runSequence(given, taken, tally)),
    { numRuns: sequences, seed },
  );
  expect(tally.old).toBeGreaterThan(0);
  expect(tally.new).toBeGreaterThan(0);
  expect(tally.refusals).toBeGreaterThan(0);
  // Anything that was neither old nor new, and any lost byte, would have failed above.
  const { old, new: done, recovered } = tally;
  const points = old + done;
  const sweep = `${sequences} random sequences, ${tally.operations} operations: crashes in them`;
  recordFigures(sweep, { points, old, new: done, recovered, mixed: 0, lost: 0 });
});
