import schema from '../../../schemas/contracts/judgement.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { member } from '../documents/members.ts';
import { fieldsWithoutValue } from './checks/fields.ts';
import { patternAt, recordsOf } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { removed, type Contract } from './contract.ts';
import { advice, violation } from './findings/finding.ts';
import type { Block } from './subject/block.ts';
import { isDone } from './subject/task.ts';
import { taskBlock } from './subject/task.ts';

const evidenceKinds = ['api_evidence', 'event_evidence', 'ui_evidence'] as const;

const done = { '/state_machine/current_state': 'done' };
const pattern = '/evaluation_contract/run_report_path_pattern';
const run = (report: object): string =>
  JSON.stringify({ api_evidence: 'a', event_evidence: 'b', ui_evidence: 'c', ...report });

/** The rules are in docs/protocol.md#judgement. */
export const judgement: Contract = {
  id: 'judgement',
  title: 'Three kinds of evidence must agree before a task is done.',
  *check(subject) {
    const block = taskBlock(subject, 'evaluation_contract');
    if (block === undefined) return;
    yield* schemaFindings('JUDGEMENT', block, schema);
    const reports = yield* patternAt('JUDGEMENT', block, 'run_report_path_pattern');
    if (reports === undefined) return;
    const records = yield* recordsOf('JUDGEMENT', subject, reports);
    if (!isDone(subject)) return;
    // A failed run may be followed by a recheck, so the newest report is the one that counts.
    const newest = records.at(-1);
    if (newest !== undefined) yield* whatSpeaksAgainst(newest);
    else yield advice('JUDGEMENT_DONE_UNPROVEN', block.at('run_report_path_pattern'), reports);
  },
  samples: [
    {
      name: 'the kinds of evidence in another order',
      task: {
        '/evaluation_contract/required_evidence_triplet': [
          'ui_evidence',
          'api_evidence',
          'event_evidence',
        ],
      },
      finds: null,
    },
    {
      name: 'a task that is done, after a recheck that agrees',
      task: done,
      files: {
        'runtime/reports/run/run-1.json': run({ ui_evidence: { result: 'fail' } }),
        'runtime/reports/run/run-2.json': run({ ui_evidence: { result: 'pass' } }),
      },
      finds: null,
    },
    {
      name: 'a failed run of a task that goes on',
      files: { 'runtime/reports/run/run-1.json': run({ ui_evidence: { result: 'fail' } }) },
      finds: null,
    },
    {
      name: 'evidence that need not agree',
      task: { '/evaluation_contract/consistency_required': false },
      finds: 'JUDGEMENT_VALUE',
    },
    {
      name: 'two kinds of evidence',
      task: { '/evaluation_contract/required_evidence_triplet/2': removed },
      finds: 'JUDGEMENT_VALUE',
    },
    {
      name: 'a task that is done while its evidence disagrees',
      task: done,
      files: { 'runtime/reports/run/run-1.json': run({ ui_evidence: { result: 'fail' } }) },
      finds: 'JUDGEMENT_DONE_INCONSISTENT',
    },
    {
      name: 'run reports outside of the pack',
      task: { [pattern]: '../run-*.json' },
      finds: 'JUDGEMENT_PATTERN_UNUSABLE',
    },
  ],
};

/** Missing evidence, and every statement of the report that contradicts `done`. */
function* whatSpeaksAgainst(report: Block): Generator<Finding> {
  const empty = evidenceKinds.filter((kind) => isEmpty(report.get(kind)));
  for (const kind of [...fieldsWithoutValue(report, evidenceKinds), ...empty]) {
    yield violation('JUDGEMENT_DONE_WITHOUT_EVIDENCE', report.at(kind), kind);
  }
  const verdicts = Object.keys(report.members).filter((key) => /(?<!in)consisten/.test(key));
  for (const key of [...evidenceKinds, ...verdicts]) {
    if (!saysNo(report.get(key))) continue;
    yield violation('JUDGEMENT_DONE_INCONSISTENT', report.at(key), key);
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/**
 * The protocol does not define the shape of evidence, so only an explicit statement that something
 * failed counts: the evidence itself, or its `result`, `status` or `consistent`.
 */
function saysNo(value: unknown): boolean {
  return [value, ...['result', 'status', 'consistent'].map((key) => member(value, key))].some(
    (verdict) =>
      verdict === false ||
      (typeof verdict === 'string' && /^(?:fail|failed|failure|inconsistent)$/i.test(verdict)),
  );
}
