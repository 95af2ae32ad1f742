import reportSchema from '../../../schemas/contracts/trigger-regression-report.schema.json' with { type: 'json' };
import schema from '../../../schemas/contracts/trigger-regression.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { newestRecordAt } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { innerBlock, type Block } from './subject/block.ts';
import { taskBlock } from './subject/task.ts';

const suites = ['positive_cases', 'boundary_cases', 'negative_cases'] as const;

const sampleReport = 'runtime/examples/sample-identity-trigger-regression-2026-02-22-sample.json';
const failed = {
  '/positive_cases/0/observed_trigger': false,
  '/positive_cases/0/result': 'FAIL',
};

/** The rules are in docs/protocol.md#trigger-regression. */
export const triggerRegression: Contract = {
  id: 'trigger-regression',
  title:
    'In the cases of all three suites the identity is updated when it should be, and only then.',
  *check(subject) {
    const block = taskBlock(subject, 'trigger_regression_contract');
    if (block === undefined) return;
    yield* schemaFindings('TRIGGER_REGRESSION', block, schema);
    const key = 'sample_report_path_pattern';
    const report = yield* newestRecordAt('TRIGGER_REGRESSION', subject, block, key);
    if (report === undefined) return;
    let isMisshapen = false;
    for (const finding of schemaFindings('TRIGGER_REGRESSION_REPORT', report, reportSchema)) {
      isMisshapen = true;
      yield finding;
    }
    // For invalid cases, checking results and totals would only repeat the findings.
    if (isMisshapen) return;
    const id = report.get('identity_id');
    if (id !== undefined && id !== subject.id) {
      yield violation('TRIGGER_REGRESSION_OTHER_IDENTITY', report.at('identity_id'), subject.id);
    }
    const cases = suites.flatMap((suite) => casesOf(report, suite));
    for (const tried of cases) yield* wrongResult(tried);
    yield* wrongSummary(report, cases);
  },
  samples: [
    {
      name: 'an older report with a failure',
      files: { 'runtime/examples/sample-identity-trigger-regression-2026-01-01.json': '{}\n' },
      finds: null,
    },
    {
      name: 'a report that names nobody',
      json: { [sampleReport]: { '/identity_id': removed } },
      finds: null,
    },
    {
      name: 'a suite that is not required',
      task: { '/trigger_regression_contract/required_suites/1': removed },
      finds: 'TRIGGER_REGRESSION_VALUE',
    },
    {
      name: 'a suite without cases',
      json: { [sampleReport]: { '/boundary_cases': [] } },
      finds: 'TRIGGER_REGRESSION_REPORT_VALUE',
    },
    {
      name: 'a failure that is declared a pass',
      json: { [sampleReport]: { '/positive_cases/0/observed_route': 'none' } },
      finds: 'TRIGGER_REGRESSION_RESULT_WRONG',
    },
    {
      name: 'a failure that the summary leaves out',
      json: { [sampleReport]: failed },
      finds: 'TRIGGER_REGRESSION_SUMMARY_WRONG',
    },
    {
      name: 'a failure that is reported as one',
      json: {
        [sampleReport]: {
          ...failed,
          '/summary': { total_cases: 3, pass_cases: 2, fail_cases: 1, overall_result: 'FAIL' },
        },
      },
      finds: 'TRIGGER_REGRESSION_NOT_PASSED',
    },
    {
      name: 'no report',
      files: { [sampleReport]: null },
      finds: 'TRIGGER_REGRESSION_NO_RECORD',
    },
  ],
};

function casesOf(report: Block, suite: string): Block[] {
  const list = report.get(suite) as readonly unknown[];
  return list.flatMap((_case, index) => innerBlock(report, suite, index) ?? []);
}

function* wrongResult(tried: Block): Generator<Finding> {
  const asExpected = ['route', 'trigger'].every(
    (what) => tried.get(`expected_${what}`) === tried.get(`observed_${what}`),
  );
  const computed = asExpected ? 'PASS' : 'FAIL';
  if (tried.get('result') === computed) return;
  yield violation('TRIGGER_REGRESSION_RESULT_WRONG', tried.at('result'), computed);
}

/**
 * The totals are those of the declared results, which have findings of their own if they are wrong.
 */
function* wrongSummary(report: Block, cases: readonly Block[]): Generator<Finding> {
  const summary = innerBlock(report, 'summary');
  const passes = cases.filter((tried) => tried.get('result') === 'PASS').length;
  const overall = passes === cases.length ? 'PASS' : 'FAIL';
  const totals = {
    total_cases: cases.length,
    pass_cases: passes,
    fail_cases: cases.length - passes,
    overall_result: overall,
  };
  if (summary === undefined) return;
  const wrong = Object.entries(totals).filter(([key, total]) => summary.get(key) !== total);
  for (const [key, total] of wrong) {
    yield violation('TRIGGER_REGRESSION_SUMMARY_WRONG', summary.at(key), key, String(total));
  }
  // Without a pass no update is complete (docs/protocol.md#trigger-regression).
  if (wrong.length === 0 && overall === 'FAIL')
    yield violation('TRIGGER_REGRESSION_NOT_PASSED', summary.at('overall_result'));
}
