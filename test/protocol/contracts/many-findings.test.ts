import { expect, test } from 'vitest';
import type { PackEdits } from '../../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../../src/protocol/contracts/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';

// A document may hold up to 100,000 members, and all of them may be wrong.
const many = 50_000;
const report = 'runtime/examples/sample-identity-trigger-regression-2026-02-22-sample.json';

test.each<[name: string, edits: PackEdits]>([
  ['states that are numbers', { task: { '/state_machine/allowed_states': Array(many).fill(1) } }],
  [
    'kinds of evidence that nobody knows',
    {
      task: {
        '/evaluation_contract/required_evidence_triplet': Array.from(
          { length: many },
          (_none, index) => `kind-${index}`,
        ),
      },
    },
  ],
  ['cases that are no objects', { json: { [report]: { '/positive_cases': Array(many).fill(1) } } }],
  ['rules that are numbers', { files: { 'RULEBOOK.jsonl': '1\n'.repeat(many) } }],
])('each of very many %s is found, in time', { timeout: 60_000 }, (_name, edits) => {
  const subject = samplePack(edits);
  const began = performance.now();
  const findings = validatePack(subject);
  // It took five times as long on an idle machine while places were counted from the first line.
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(findings.length).toBeGreaterThanOrEqual(many);
});
