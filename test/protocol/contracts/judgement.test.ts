import { expect, test } from 'vitest';
import { removed, type PackEdits } from '../../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { describeMutations } from '../../support/mutations.ts';

const contract = '/evaluation_contract';
const triplet = `${contract}/required_evidence_triplet`;
const done = { '/state_machine/current_state': 'done' };
const agreed = {
  api_evidence: { result: 'pass' },
  event_evidence: 'runtime/reports/run/events.log',
  ui_evidence: { result: 'pass' },
};

/** A task that is done on the strength of one run report. */
function doneWith(report: unknown): PackEdits {
  return { task: done, files: { 'runtime/reports/run/run-1.json': JSON.stringify(report) } };
}

describeMutations('judgement', [
  ['no triplet', { task: { [triplet]: removed } }, 'JUDGEMENT_MISSING'],
  ['a triplet in a text', { task: { [triplet]: 'api_evidence' } }, 'JUDGEMENT_TYPE'],
  ['one kind of evidence less', { task: { [`${triplet}/1`]: removed } }, 'JUDGEMENT_VALUE'],
  ['one kind of evidence twice', { task: { [`${triplet}/1`]: 'ui_evidence' } }, 'JUDGEMENT_VALUE'],
  ['another kind of evidence', { task: { [`${triplet}/1`]: 'hearsay' } }, 'JUDGEMENT_VALUE'],
  ['one kind of evidence more', { task: { [`${triplet}/3`]: 'hearsay' } }, 'JUDGEMENT_VALUE'],
  [
    'no word on consistency',
    { task: { [`${contract}/consistency_required`]: removed } },
    'JUDGEMENT_MISSING',
  ],
  [
    'consistency that is optional',
    { task: { [`${contract}/consistency_required`]: false } },
    'JUDGEMENT_VALUE',
  ],
  [
    'consistency required in words',
    { task: { [`${contract}/consistency_required`]: 'true' } },
    'JUDGEMENT_VALUE',
  ],
  [
    'run reports in a list',
    { task: { [`${contract}/run_report_path_pattern`]: [] } },
    'JUDGEMENT_TYPE',
  ],
  [
    'run reports above the pack',
    { task: { [`${contract}/run_report_path_pattern`]: '../*run*.json' } },
    'JUDGEMENT_PATTERN_UNUSABLE',
  ],
  [
    'run reports that are not valid JSON',
    { task: { [`${contract}/run_report_path_pattern`]: 'runtime/*run*.txt' } },
    'JUDGEMENT_PATTERN_UNUSABLE',
  ],
  [
    'a run report that is a list',
    { files: { 'runtime/reports/run/run-1.json': '[]' } },
    'JUDGEMENT_RECORD_NO_OBJECT',
  ],
  ['done without a run report', { task: done }, 'JUDGEMENT_DONE_UNPROVEN'],
  [
    'done with an objective that says so',
    { task: { '/objective/status': 'done' } },
    'JUDGEMENT_DONE_UNPROVEN',
  ],
  [
    'done without what the user sees',
    doneWith({ ...agreed, ui_evidence: null }),
    'JUDGEMENT_DONE_WITHOUT_EVIDENCE',
  ],
  [
    'done on empty evidence',
    doneWith({ ...agreed, api_evidence: {} }),
    'JUDGEMENT_DONE_WITHOUT_EVIDENCE',
  ],
  [
    'done although the user sees something else',
    doneWith({ ...agreed, ui_evidence: { status: 'FAILED' } }),
    'JUDGEMENT_DONE_INCONSISTENT',
  ],
  [
    'done although the report says that its evidence disagrees',
    doneWith({ ...agreed, evidence_consistent: false }),
    'JUDGEMENT_DONE_INCONSISTENT',
  ],
  [
    'done although the check of consistency failed',
    doneWith({ ...agreed, consistency: { result: 'inconsistent' } }),
    'JUDGEMENT_DONE_INCONSISTENT',
  ],
]);

test('a task is done when its newest evidence agrees, in whatever words', () => {
  for (const more of [{}, { consistent: true }, { inconsistencies: false }, { notes: 'failed' }]) {
    expect(validatePack(samplePack(doneWith({ ...agreed, ...more })))).toEqual([]);
  }
});

test('a task that is done without any run report is worth a look, and no failure', () => {
  const [finding] = validatePack(samplePack({ task: done }));
  expect(finding).toMatchObject({ code: 'JUDGEMENT_DONE_UNPROVEN', severity: 'warn' });
});
