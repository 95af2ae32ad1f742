import { expect, test } from 'vitest';
import type { PackEdits } from '../../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { samplePhaseReport } from '../../../src/protocol/contracts/samples/sample-phase-report.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';

/** Each took longer than this by far, on a machine that did nothing else. */
const patienceMilliseconds = 6_000;

const many = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_none, index) => make(index));

// Whoever installs a pack waits for its contracts, and nothing else happens meanwhile.
test.each<[string, PackEdits]>([
  [
    'as many patterns as fit into a task',
    {
      task: {
        '/own_contract': Object.fromEntries(
          many(20_000, (index) => [`p${index}_path`, `*/*/${index}*.json`]),
        ),
      },
      files: Object.fromEntries(many(3000, (index) => [`d${index % 50}/e${index}/x.md`, ''])),
    },
  ],
  [
    'a phase report that depends on ninety thousand others',
    {
      files: {
        'runtime/reports/phase/p7.json': samplePhaseReport({
          '/dependency_graph/depends_on': many(90_000, (index) => `P${index}`),
        }),
      },
    },
  ],
  [
    'a rulebook of 8 MiB, of many lines',
    { files: { 'RULEBOOK.jsonl': '{}\n'.repeat((8 * 1024 * 1024) / 3) } },
  ],
  ['a history of 8 MiB', { files: { 'TASK_HISTORY.md': '- done\n'.repeat(1_190_000) } }],
])('%s is judged in a few seconds', (_what, edits) => {
  const subject = samplePack(edits);
  const began = performance.now();
  validatePack(subject);
  expect(performance.now() - began).toBeLessThan(patienceMilliseconds);
});
