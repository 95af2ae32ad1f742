import { growthOf } from '../../support/effort.ts';
import { expect, test } from 'vitest';
import type { PackEdits } from '../../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { samplePhaseReport } from '../../../src/protocol/contracts/samples/sample-phase-report.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';

const many = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_none, index) => make(index));

// Whoever installs a pack waits for its contracts, and nothing else happens meanwhile.
test.each<[string, (times: number) => PackEdits]>([
  [
    'many patterns in a task',
    (times) => ({
      task: {
        '/own_contract': Object.fromEntries(
          many(times * 100, (index) => [`p${index}_path`, `*/*/${index}*.json`]),
        ),
      },
      files: Object.fromEntries(many(100, (index) => [`d${index % 50}/e${index}/x.md`, ''])),
    }),
  ],
  [
    'a phase report that depends on many others',
    (times) => ({
      files: {
        'runtime/reports/phase/p7.json': samplePhaseReport({
          '/dependency_graph/depends_on': many(times * 4500, (index) => `P${index}`),
        }),
      },
    }),
  ],
  [
    'a rulebook of many lines',
    (times) => ({ files: { 'RULEBOOK.jsonl': '{}\n'.repeat(times * 40_000) } }),
  ],
  [
    'a history of many lines',
    (times) => ({ files: { 'TASK_HISTORY.md': '- done\n'.repeat(times * 20_000) } }),
  ],
])('%s: twice as much takes at most twice the effort', (_what, editsOf) => {
  const growth = growthOf((times) => {
    validatePack(samplePack(editsOf(times)));
  });
  expect(growth).toBeLessThan(2.5);
});
