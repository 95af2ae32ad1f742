import schema from '../../../schemas/contracts/reasoning-loop.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { fieldsWithoutValue, hasValue } from './checks/fields.ts';
import { patternAt, recordsOf } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { onlyTexts } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { documentBlock, innerBlock, type Block } from './subject/block.ts';
import { locateJson } from './subject/locate.ts';
import { isDone } from './subject/task.ts';
import { taskBlock } from './subject/task.ts';

const sampleTrace = 'runtime/examples/sample-identity-learning-2026-02-22-sample.json';
const attempt = {
  attempt: 1,
  hypothesis: 'h',
  patch: 'p',
  expected_effect: 'e',
  result: 'pass',
};

/**
 * docs/protocol.md#reasoning-loop. Traces must contain attempts; run reports may contain them.
 */
export const reasoningLoop: Contract = {
  id: 'reasoning-loop',
  title: 'Every attempt says what was tried, what was expected, and what came out.',
  *check(subject) {
    const block = taskBlock(subject, 'reasoning_loop_contract');
    if (block === undefined) return;
    yield* schemaFindings('REASONING_LOOP', block, schema);
    const fields = onlyTexts(block.get('mandatory_fields_per_attempt'));

    const runs = taskBlock(subject, 'evaluation_contract')?.get('run_report_path_pattern');
    // `judgement` checks that the pattern and the reports can be used at all.
    const reports = locateJson(subject, runs).flatMap((document) => documentBlock(document) ?? []);
    const learning = taskBlock(subject, 'learning_verification_contract');
    const pattern =
      learning && (yield* patternAt('REASONING_LOOP', learning, 'reasoning_trace_path_pattern'));
    const traces =
      pattern === undefined || pattern === runs
        ? []
        : yield* recordsOf('REASONING_LOOP', subject, pattern);

    for (const trace of traces) {
      if (attemptsOf(trace).length > 0) continue;
      yield violation('REASONING_LOOP_NO_ATTEMPTS', trace.at('reasoning_attempts'));
    }
    for (const record of [...reports, ...traces]) yield* incompleteAttempts(record, fields);
    if (!isDone(subject)) return;
    for (const newest of [reports.at(-1), traces.at(-1)]) {
      if (newest !== undefined) yield* missedTarget(newest);
    }
  },
  samples: [
    {
      name: 'one more field for every attempt, and no record yet',
      task: { '/reasoning_loop_contract/mandatory_fields_per_attempt/5': 'duration' },
      files: { [sampleTrace]: null },
      finds: null,
    },
    {
      name: 'a run report with a complete attempt',
      files: {
        'runtime/reports/run/run-1.json': JSON.stringify({ reasoning_attempts: [attempt] }),
      },
      finds: null,
    },
    {
      name: 'attempts without a hypothesis',
      task: { '/reasoning_loop_contract/mandatory_fields_per_attempt/1': removed },
      finds: 'REASONING_LOOP_VALUE',
    },
    {
      name: 'an attempt that does not say what came out',
      json: { [sampleTrace]: { '/reasoning_attempts/1/result': removed } },
      finds: 'REASONING_LOOP_FIELD_MISSING',
    },
    {
      name: 'a run report with an attempt that expects nothing',
      files: {
        'runtime/reports/run/run-1.json': JSON.stringify({
          reasoning_attempts: [{ ...attempt, expected_effect: '' }],
        }),
      },
      finds: 'REASONING_LOOP_FIELD_MISSING',
    },
    {
      name: 'an empty trace',
      json: { [sampleTrace]: { '/reasoning_attempts': [] } },
      finds: 'REASONING_LOOP_NO_ATTEMPTS',
    },
  ],
};

function attemptsOf(record: Block): readonly unknown[] {
  const attempts = record.get('reasoning_attempts');
  return Array.isArray(attempts) ? attempts : [];
}

function* incompleteAttempts(record: Block, fields: readonly string[]): Generator<Finding> {
  for (const index of attemptsOf(record).keys()) {
    const tried = innerBlock(record, 'reasoning_attempts', index);
    if (tried === undefined) {
      yield violation('REASONING_LOOP_ATTEMPT_NO_OBJECT', record.at('reasoning_attempts', index));
      continue;
    }
    for (const field of fieldsWithoutValue(tried, fields)) {
      yield violation('REASONING_LOOP_FIELD_MISSING', tried.at(field), index + 1, field);
    }
  }
}

/** An attempt that did not reach its target does not complete a task. */
function* missedTarget(record: Block): Generator<Finding> {
  const last = attemptsOf(record).length - 1;
  const own = hasValue(record.get('final_status'));
  const attempt = innerBlock(record, 'reasoning_attempts', last);
  const outcome = own ? record.get('final_status') : attempt?.get('result');
  if (typeof outcome !== 'string' || !/^(?:fail|failed|failure)$/i.test(outcome)) return;
  const place = own ? record.at('final_status') : record.at('reasoning_attempts', last, 'result');
  yield violation('REASONING_LOOP_TARGET_NOT_REACHED', place, outcome);
}
