import { removed } from '../../../src/protocol/contracts/contract.ts';
import { sampleText } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { describeMutations } from '../../support/mutations.ts';

const contract = '/identity_update_lifecycle_contract';
const checks = `${contract}/validation_contract/required_checks`;
const replayContract = `${contract}/replay_contract`;
const replay = 'runtime/examples/sample-identity-update-replay-2026-02-22-sample.json';
const newer = 'runtime/examples/sample-identity-update-replay-2026-02-23.json';

describeMutations('update-lifecycle', [
  [
    'no trigger',
    { task: { [`${contract}/trigger_contract`]: removed } },
    'UPDATE_LIFECYCLE_MISSING',
  ],
  [
    'a trigger in a text',
    { task: { [`${contract}/trigger_contract`]: 'failure' } },
    'UPDATE_LIFECYCLE_TYPE',
  ],
  [
    'no conditions',
    { task: { [`${contract}/trigger_contract/mandatory_conditions`]: [] } },
    'UPDATE_LIFECYCLE_VALUE',
  ],
  [
    'no end of attempts',
    { task: { [`${contract}/trigger_contract/max_attempts_before_update`]: removed } },
    'UPDATE_LIFECYCLE_MISSING',
  ],
  [
    'attempts in words',
    { task: { [`${contract}/trigger_contract/max_attempts_before_update`]: 'two' } },
    'UPDATE_LIFECYCLE_TYPE',
  ],
  [
    'a prompt left alone',
    { task: { [`${contract}/patch_surface_contract/required_files/1`]: removed } },
    'UPDATE_LIFECYCLE_VALUE',
  ],
  [
    'an update without a rule',
    { task: { [`${contract}/patch_surface_contract/required_rulebook_update`]: false } },
    'UPDATE_LIFECYCLE_VALUE',
  ],
  [
    'checks that need not pass',
    { task: { [`${contract}/validation_contract/must_pass_all`]: false } },
    'UPDATE_LIFECYCLE_VALUE',
  ],
  ['no checks', { task: { [checks]: [] } }, 'UPDATE_LIFECYCLE_VALUE'],
  [
    'a check of another program',
    {
      task: { [`${checks}/0`]: 'scripts/rm.sh' },
      json: { [replay]: { '/validation_checks_passed/0': 'scripts/rm.sh' } },
    },
    'UPDATE_LIFECYCLE_CHECK_UNKNOWN',
  ],
  [
    'updates that nobody checks',
    { task: { [`${checks}/7`]: removed } },
    'UPDATE_LIFECYCLE_CHECK_MISSING',
  ],
  [
    'no replay required',
    { task: { [`${replayContract}/replay_required`]: false } },
    'UPDATE_LIFECYCLE_VALUE',
  ],
  [
    'a replay of any case',
    { task: { [`${replayContract}/replay_same_case_required`]: 'no' } },
    'UPDATE_LIFECYCLE_VALUE',
  ],
  [
    'nothing to do after a failure',
    { task: { [`${replayContract}/replay_fail_action`]: removed } },
    'UPDATE_LIFECYCLE_MISSING',
  ],
  [
    'no place for replays',
    { task: { [`${replayContract}/evidence_path_pattern`]: removed } },
    'UPDATE_LIFECYCLE_MISSING',
  ],
  [
    'replays out of the pack',
    { task: { [`${replayContract}/evidence_path_pattern`]: '/r/*.json' } },
    'UPDATE_LIFECYCLE_PATTERN_UNUSABLE',
  ],
  [
    'replays nowhere',
    { task: { [`${replayContract}/evidence_path_pattern`]: 'r/*.json' } },
    'UPDATE_LIFECYCLE_NO_RECORD',
  ],
  ['a replay that is a number', { files: { [replay]: '1' } }, 'UPDATE_LIFECYCLE_RECORD_NO_OBJECT'],
  [
    'a replay without a status',
    { json: { [replay]: { '/replay_status': removed } } },
    'UPDATE_LIFECYCLE_REPLAY_FIELD_MISSING',
  ],
  [
    'a replay without a field that this pack asks for',
    { json: { [replay]: { '/failed_case_id': removed } } },
    'UPDATE_LIFECYCLE_REPLAY_FIELD_MISSING',
  ],
  [
    'a replay that passed in small letters',
    { json: { [replay]: { '/replay_status': 'pass' } } },
    'UPDATE_LIFECYCLE_REPLAY_NOT_PASSED',
  ],
  [
    'a newer replay that failed',
    { files: { [newer]: sampleText(replay).replace('"PASS"', '"FAIL"') } },
    'UPDATE_LIFECYCLE_REPLAY_NOT_PASSED',
  ],
  [
    'a replay of another identity',
    { json: { [replay]: { '/identity_id': 'other' } } },
    'UPDATE_LIFECYCLE_REPLAY_OTHER_IDENTITY',
  ],
  [
    'a replay that left the history alone',
    { json: { [replay]: { '/patched_files/3': removed } } },
    'UPDATE_LIFECYCLE_SURFACE_UNPATCHED',
  ],
  [
    'a replay with its files in a text',
    { json: { [replay]: { '/patched_files': 'all' } } },
    'UPDATE_LIFECYCLE_SURFACE_UNPATCHED',
  ],
  [
    'a replay with a check too few',
    { json: { [replay]: { '/validation_checks_passed/5': removed } } },
    'UPDATE_LIFECYCLE_CHECK_NOT_PASSED',
  ],
]);
