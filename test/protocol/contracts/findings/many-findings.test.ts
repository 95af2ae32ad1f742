import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import type { PackEdits } from '../../../../src/protocol/contracts/contract.ts';
import {
  countedPerContract,
  firstFindings,
  listedPerContract,
} from '../../../../src/protocol/contracts/findings/first-findings.ts';
import { samplePack } from '../../../../src/protocol/contracts/samples/sample-pack.ts';
import { validatePack } from '../../../../src/protocol/contracts/validate.ts';

// A document may hold up to 100,000 members, and all of them may be wrong.
const many = 50_000;
const report = 'runtime/examples/sample-identity-trigger-regression-2026-02-22-sample.json';
const rules = (line: string) => ({
  files: { 'RULEBOOK.jsonl': `${line}\n`.repeat((1024 * 1024) / (line.length + 1)) },
});

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
  [
    'cases that are not objects',
    { json: { [report]: { '/positive_cases': Array(many).fill(1) } } },
  ],
  ['rules that are numbers', rules('1')],
  ['rules without a field', rules('{}')],
  ['rules that cannot be parsed', rules('?')],
])(
  'of very many %s the first are told, and that there are more, in time',
  { timeout: 240_000 },
  (_name, edits) => {
    const subject = samplePack(edits);
    const findings = validatePack(subject);
    expect(findings).toHaveLength(listedPerContract + 1);
    expect(findings.at(-1)).toMatchObject({ code: 'FINDINGS_MORE', severity: 'error' });
    expect(findings.at(-1)?.message).toContain('more than 10000 more');
  },
);

test('a rulebook that was rewritten is told of first, whatever else is wrong in it', () => {
  const findings = validatePack(samplePack({ ...rules('1'), base: {} }));
  expect(findings.map(({ code }) => code)).toContain('RULEBOOK_REWRITTEN');
});

describe('the findings of a contract in a pack', () => {
  const told = (count: number, severity: (nth: number) => Finding['severity'] = () => 'error') =>
    Array.from({ length: count }, (_none, nth) => ({
      code: 'X',
      severity: severity(nth),
      path: 'x.json',
      message: `${nth}.`,
    }));

  test('are all listed up to a hundred', () => {
    const hundred = told(listedPerContract);
    expect(firstFindings(hundred)).toEqual({ listed: hundred, more: undefined });
  });

  test('beyond that are counted in one more', () => {
    const found = told(listedPerContract + 1);
    expect(firstFindings(found)).toEqual({
      listed: found.slice(0, listedPerContract),
      more: {
        code: 'FINDINGS_MORE',
        severity: 'error',
        path: 'x.json',
        message: 'The contract finds 1 more; only the first 100 are listed.',
      },
    });
    const { more } = firstFindings(told(listedPerContract + countedPerContract));
    expect(more?.message).toContain('finds 10000 more;');
  });

  test('fail a run that they would fail if all were listed, and no other', () => {
    const gravest = (severity: (nth: number) => Finding['severity']) =>
      firstFindings(told(listedPerContract + 2, severity)).more?.severity;
    expect(gravest((nth) => (nth > listedPerContract ? 'error' : 'warn'))).toBe('error');
    expect(gravest(() => 'warn')).toBe('warn');
  });

  test('are not looked for without end', () => {
    let looked = 0;
    function* endless(): Generator<Finding> {
      for (;;) yield { code: 'X', severity: 'error', message: `${(looked += 1)}.` };
    }
    expect(firstFindings(endless()).more?.message).toContain('more than 10000 more');
    expect(looked).toBe(listedPerContract + countedPerContract + 1);
  });
});
