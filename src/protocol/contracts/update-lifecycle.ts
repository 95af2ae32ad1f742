import schema from '../../../schemas/contracts/update-lifecycle.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { fieldsWithoutValue, hasValue } from './checks/fields.ts';
import { newestRecordAt } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { onlyTexts } from './checks/texts.ts';
import { contractIds, removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { innerBlock, type Block } from './subject/block.ts';
import { taskBlock } from './subject/task.ts';

/** The mandatory checks, by our names and by those of the protocol's own checkers. */
const mandatoryChecks = [
  ['runtime-state', 'scripts/validate_identity_runtime_contract.py'],
  ['protocol-review', 'scripts/validate_identity_upgrade_prereq.py'],
  ['update-lifecycle', 'scripts/validate_identity_update_lifecycle.py'],
] as const;

const replayFields = [
  'identity_id',
  'replay_status',
  'patched_files',
  'validation_checks_passed',
] as const;

const sampleReplay = 'runtime/examples/sample-identity-update-replay-2026-02-22-sample.json';
const checks = '/identity_update_lifecycle_contract/validation_contract/required_checks';

/** The rules are in docs/protocol.md#update-lifecycle. */
export const updateLifecycle: Contract = {
  id: 'update-lifecycle',
  title: 'An update names trigger, files, checks and replay, and the newest replay has passed.',
  *check(subject) {
    const block = taskBlock(subject, 'identity_update_lifecycle_contract');
    if (block === undefined) return;
    yield* schemaFindings('UPDATE_LIFECYCLE', block, schema);
    const validation = innerBlock(block, 'validation_contract');
    if (validation !== undefined) yield* unknownChecks(validation);

    const contract = innerBlock(block, 'replay_contract');
    if (contract === undefined) return;
    const key = 'evidence_path_pattern';
    const replay = yield* newestRecordAt('UPDATE_LIFECYCLE', subject, contract, key);
    if (replay === undefined) return;
    for (const field of fieldsWithoutValue(replay, [
      ...replayFields,
      ...onlyTexts(contract.get('required_fields')),
    ])) {
      yield violation('UPDATE_LIFECYCLE_REPLAY_FIELD_MISSING', replay.at(field), field);
    }
    yield* failedReplay(replay, subject.id);
    const surfaces = innerBlock(block, 'patch_surface_contract');
    for (const file of surfaces === undefined
      ? []
      : unlisted(surfaces, 'required_files', replay, 'patched_files')) {
      yield violation('UPDATE_LIFECYCLE_SURFACE_UNPATCHED', replay.at('patched_files'), file);
    }
    const passed = 'validation_checks_passed';
    for (const check of validation === undefined
      ? []
      : unlisted(validation, 'required_checks', replay, passed)) {
      yield violation('UPDATE_LIFECYCLE_CHECK_NOT_PASSED', replay.at(passed), check);
    }
  },
  samples: [
    {
      name: 'the protocol’s own names for the checks',
      task: { [checks]: mandatoryChecks.map(([, script]) => script) },
      json: {
        [sampleReplay]: {
          '/validation_checks_passed': mandatoryChecks.map(([, script]) => script),
        },
      },
      finds: null,
    },
    {
      name: 'a failed replay before the newest one',
      files: {
        'runtime/examples/sample-identity-update-replay-2026-01-01.json':
          '{"replay_status": "FAIL"}\n',
      },
      finds: null,
    },
    {
      name: 'an update that leaves the rulebook alone',
      task: {
        '/identity_update_lifecycle_contract/patch_surface_contract/required_files/2': removed,
      },
      finds: 'UPDATE_LIFECYCLE_VALUE',
    },
    {
      name: 'an unknown check',
      task: { [`${checks}/9`]: 'looks-good' },
      json: { [sampleReplay]: { '/validation_checks_passed/9': 'looks-good' } },
      finds: 'UPDATE_LIFECYCLE_CHECK_UNKNOWN',
    },
    { name: 'no replay', files: { [sampleReplay]: null }, finds: 'UPDATE_LIFECYCLE_NO_RECORD' },
    {
      name: 'a replay that failed',
      json: { [sampleReplay]: { '/replay_status': 'FAIL' } },
      finds: 'UPDATE_LIFECYCLE_REPLAY_NOT_PASSED',
    },
    {
      name: 'the replay of another identity',
      json: { [sampleReplay]: { '/identity_id': 'somebody-else' } },
      finds: 'UPDATE_LIFECYCLE_REPLAY_OTHER_IDENTITY',
    },
  ],
};

function* unknownChecks(validation: Block): Generator<Finding> {
  const checks = onlyTexts(validation.get('required_checks'));
  // The schema reports an empty list.
  if (checks.length === 0) return;
  const known: ReadonlySet<string> = new Set(contractIds);
  for (const [index, check] of checks.entries()) {
    if (known.has(check) || /^scripts\/validate_[a-z0-9_]+\.py$/.test(check)) continue;
    yield violation(
      'UPDATE_LIFECYCLE_CHECK_UNKNOWN',
      validation.at('required_checks', index),
      check,
    );
  }
  for (const [id, script] of mandatoryChecks) {
    if (checks.includes(id) || checks.includes(script)) continue;
    yield violation('UPDATE_LIFECYCLE_CHECK_MISSING', validation.at('required_checks'), id, script);
  }
}

function* failedReplay(replay: Block, id: string): Generator<Finding> {
  const replayId = replay.get('identity_id');
  if (hasValue(replayId) && replayId !== id) {
    yield violation('UPDATE_LIFECYCLE_REPLAY_OTHER_IDENTITY', replay.at('identity_id'), id);
  }
  const status = replay.get('replay_status');
  if (hasValue(status) && status !== 'PASS') {
    yield violation('UPDATE_LIFECYCLE_REPLAY_NOT_PASSED', replay.at('replay_status'));
  }
}

/** What the contract lists and the replay does not, although it has such a list. */
function unlisted(contract: Block, wanted: string, replay: Block, given: string): string[] {
  if (!hasValue(replay.get(given))) return [];
  const there = new Set(onlyTexts(replay.get(given)));
  return onlyTexts(contract.get(wanted)).filter((item) => !there.has(item));
}
