import { removed } from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

const contract = '/trigger_regression_contract';
const pattern = `${contract}/sample_report_path_pattern`;
const report = 'runtime/examples/sample-identity-trigger-regression-2026-02-22-sample.json';
const newer = 'runtime/examples/sample-identity-trigger-regression-2026-02-23.json';

describeMutations('trigger-regression', [
  [
    'regression that is optional',
    { task: { [`${contract}/required`]: false } },
    'TRIGGER_REGRESSION_VALUE',
  ],
  [
    'no suites',
    { task: { [`${contract}/required_suites`]: removed } },
    'TRIGGER_REGRESSION_MISSING',
  ],
  [
    'no boundary cases asked for',
    { task: { [`${contract}/required_suites/1`]: removed } },
    'TRIGGER_REGRESSION_VALUE',
  ],
  [
    'suites in a text',
    { task: { [`${contract}/required_suites`]: 'all' } },
    'TRIGGER_REGRESSION_TYPE',
  ],
  [
    'no word for failure',
    { task: { [`${contract}/result_enum`]: ['PASS'] } },
    'TRIGGER_REGRESSION_VALUE',
  ],
  ['no place for reports', { task: { [pattern]: removed } }, 'TRIGGER_REGRESSION_MISSING'],
  [
    'reports out of the pack',
    { task: { [pattern]: '../*.json' } },
    'TRIGGER_REGRESSION_PATTERN_UNUSABLE',
  ],
  ['reports nowhere', { task: { [pattern]: 'reports/*.json' } }, 'TRIGGER_REGRESSION_NO_RECORD'],
  ['a report that is a list', { files: { [report]: '[]' } }, 'TRIGGER_REGRESSION_RECORD_NO_OBJECT'],
  [
    'the report of another identity',
    { json: { [report]: { '/identity_id': 'other' } } },
    'TRIGGER_REGRESSION_OTHER_IDENTITY',
  ],
  [
    'a report without negative cases',
    { json: { [report]: { '/negative_cases': removed } } },
    'TRIGGER_REGRESSION_REPORT_MISSING',
  ],
  [
    'a report with a suite that is empty',
    { json: { [report]: { '/negative_cases': [] } } },
    'TRIGGER_REGRESSION_REPORT_VALUE',
  ],
  [
    'a newer report without anything',
    { files: { [newer]: '{}' } },
    'TRIGGER_REGRESSION_REPORT_MISSING',
  ],
  [
    'a case without notes',
    { json: { [report]: { '/positive_cases/0/notes': removed } } },
    'TRIGGER_REGRESSION_REPORT_MISSING',
  ],
  [
    'a trigger in words',
    { json: { [report]: { '/positive_cases/0/observed_trigger': 'true' } } },
    'TRIGGER_REGRESSION_REPORT_TYPE',
  ],
  [
    'a result of its own',
    { json: { [report]: { '/positive_cases/0/result': 'ok' } } },
    'TRIGGER_REGRESSION_REPORT_VALUE',
  ],
  [
    'no summary',
    { json: { [report]: { '/summary': removed } } },
    'TRIGGER_REGRESSION_REPORT_MISSING',
  ],
  [
    'another route than expected',
    { json: { [report]: { '/boundary_cases/0/observed_route': 'none' } } },
    'TRIGGER_REGRESSION_RESULT_WRONG',
  ],
  [
    'an update that was not expected',
    { json: { [report]: { '/negative_cases/0/observed_trigger': true } } },
    'TRIGGER_REGRESSION_RESULT_WRONG',
  ],
  [
    'a total that is too high',
    { json: { [report]: { '/summary/total_cases': 4 } } },
    'TRIGGER_REGRESSION_SUMMARY_WRONG',
  ],
  [
    'failures that nobody had',
    { json: { [report]: { '/summary/fail_cases': 1 } } },
    'TRIGGER_REGRESSION_SUMMARY_WRONG',
  ],
  [
    'a failure overall, of passes',
    { json: { [report]: { '/summary/overall_result': 'FAIL' } } },
    'TRIGGER_REGRESSION_SUMMARY_WRONG',
  ],
  [
    'an honest failure',
    {
      json: {
        [report]: {
          '/negative_cases/0/observed_trigger': true,
          '/negative_cases/0/result': 'FAIL',
          '/summary': { total_cases: 3, pass_cases: 2, fail_cases: 1, overall_result: 'FAIL' },
        },
      },
    },
    'TRIGGER_REGRESSION_NOT_PASSED',
  ],
]);
