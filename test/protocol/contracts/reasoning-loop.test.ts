import { removed } from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

const contract = '/reasoning_loop_contract';
const fields = `${contract}/mandatory_fields_per_attempt`;
const pattern = '/learning_verification_contract/reasoning_trace_path_pattern';
const trace = 'runtime/examples/sample-identity-learning-2026-02-22-sample.json';
const report = 'runtime/reports/run/run-1.json';
const evidence = { api_evidence: 'a', event_evidence: 'b', ui_evidence: 'c' };

describeMutations('reasoning-loop', [
  ['no fields', { task: { [fields]: removed } }, 'REASONING_LOOP_MISSING'],
  ['fields in a text', { task: { [fields]: 'attempt' } }, 'REASONING_LOOP_TYPE'],
  ['a field that is a number', { task: { [`${fields}/5`]: 1 } }, 'REASONING_LOOP_TYPE'],
  ['no hypothesis asked for', { task: { [`${fields}/1`]: removed } }, 'REASONING_LOOP_VALUE'],
  ['no result asked for', { task: { [`${fields}/4`]: removed } }, 'REASONING_LOOP_VALUE'],
  [
    'escalation after no attempt',
    { task: { [`${contract}/max_attempts_before_escalation`]: 0 } },
    'REASONING_LOOP_VALUE',
  ],
  [
    'escalation after half an attempt',
    { task: { [`${contract}/max_attempts_before_escalation`]: 1.5 } },
    'REASONING_LOOP_TYPE',
  ],
  [
    'traces at an absolute path',
    { task: { [pattern]: '/t-*.json' } },
    'REASONING_LOOP_PATTERN_UNUSABLE',
  ],
  [
    'traces that are Markdown',
    { task: { [pattern]: 'runtime/*.md' } },
    'REASONING_LOOP_PATTERN_UNUSABLE',
  ],
  [
    'a trace that is a text',
    { files: { [trace]: '"it went well"' } },
    'REASONING_LOOP_RECORD_NO_OBJECT',
  ],
  [
    'a trace without attempts',
    { json: { [trace]: { '/reasoning_attempts': removed } } },
    'REASONING_LOOP_NO_ATTEMPTS',
  ],
  [
    'a trace with its attempts in a text',
    { json: { [trace]: { '/reasoning_attempts': 'two' } } },
    'REASONING_LOOP_NO_ATTEMPTS',
  ],
  [
    'an attempt that is a text',
    { json: { [trace]: { '/reasoning_attempts/0': 'I tried' } } },
    'REASONING_LOOP_ATTEMPT_NO_OBJECT',
  ],
  [
    'an attempt without a patch',
    { json: { [trace]: { '/reasoning_attempts/1/patch': removed } } },
    'REASONING_LOOP_FIELD_MISSING',
  ],
  [
    'an attempt whose hypothesis is null',
    { json: { [trace]: { '/reasoning_attempts/0/hypothesis': null } } },
    'REASONING_LOOP_FIELD_MISSING',
  ],
  [
    'an attempt without a field that this pack asks for',
    { task: { [`${fields}/5`]: 'duration' } },
    'REASONING_LOOP_FIELD_MISSING',
  ],
  [
    'a run report with an empty attempt',
    { files: { [report]: JSON.stringify({ reasoning_attempts: [{}] }) } },
    'REASONING_LOOP_FIELD_MISSING',
  ],
  [
    'a task that is done although the target was not reached',
    {
      task: { '/objective/status': 'done' },
      json: { [trace]: { '/final_status': 'fail' } },
      files: { [report]: JSON.stringify(evidence) },
    },
    'REASONING_LOOP_TARGET_NOT_REACHED',
  ],
  [
    'a task that is done although its last attempt failed',
    {
      task: { '/objective/status': 'done' },
      json: { [trace]: { '/final_status': removed, '/reasoning_attempts/1/result': 'FAIL' } },
      files: { [report]: JSON.stringify(evidence) },
    },
    'REASONING_LOOP_TARGET_NOT_REACHED',
  ],
]);
