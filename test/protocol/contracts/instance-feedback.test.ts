import { describe, expect, test } from 'vitest';
import {
  removed,
  type JsonEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { samplePack, sampleText } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { member } from '../../../src/protocol/documents/members.ts';
import { describeMutations } from '../../support/mutations.ts';

const logFile = 'runtime/logs/feedback/sample-identity-feedback-2026-02-22-sample.json';
const log = (edits: JsonEdits): PackEdits => ({ json: { [logFile]: edits } });
const contract = (key: string, value: unknown): PackEdits => ({
  task: { [`/experience_feedback_contract/${key}`]: value },
});
/** A second log, of an earlier time. */
const older = (timestamp: string): PackEdits => ({
  files: {
    [logFile.replace('2026-02-22', '2025-01-01')]: JSON.stringify({
      ...(JSON.parse(sampleText(logFile)) as object),
      timestamp,
    }),
  },
});

describeMutations('instance-feedback', [
  ['not required', contract('required', false), 'FEEDBACK_VALUE'],
  ['no redaction', contract('redaction_policy_required', removed), 'FEEDBACK_MISSING'],
  ['kept for no day', contract('retention_days', 0), 'FEEDBACK_VALUE'],
  ['kept for some days', contract('retention_days', 'some'), 'FEEDBACK_TYPE'],
  ['nothing denied', contract('sensitive_fields_denylist', []), 'FEEDBACK_VALUE'],
  ['exported everywhere', contract('export_scope', 'public'), 'FEEDBACK_VALUE'],
  ['logs of any age', contract('max_log_age_days', -1), 'FEEDBACK_VALUE'],
  ['no log needed', contract('minimum_logs_required', 0), 'FEEDBACK_VALUE'],
  [
    'promotion without a replay',
    contract('promotion_requires_replay_pass', false),
    'FEEDBACK_VALUE',
  ],
  ['no pattern', contract('feedback_log_path_pattern', removed), 'FEEDBACK_MISSING'],
  [
    'a pattern that leads nowhere',
    contract('feedback_log_path_pattern', 'runtime/nowhere/*.json'),
    'FEEDBACK_LOGS_TOO_FEW',
  ],
  [
    'more logs needed than there are',
    contract('minimum_logs_required', 2),
    'FEEDBACK_LOGS_TOO_FEW',
  ],
  [
    'a pattern that leads to prose',
    contract('feedback_log_path_pattern', '*.md'),
    'FEEDBACK_VALUE',
  ],
  ['feedback of next week', log({ '/timestamp': '2026-03-01T12:00:00Z' }), 'FEEDBACK_LOG_STALE'],
  ['no log', { files: { [logFile]: null } }, 'FEEDBACK_LOGS_TOO_FEW'],
  ['a log that is a text', { files: { [logFile]: '"it went well"' } }, 'FEEDBACK_LOG_TYPE'],
  ['no run', log({ '/run_id': removed }), 'FEEDBACK_LOG_MISSING'],
  ['feedback of somebody else', log({ '/identity_id': 'other' }), 'FEEDBACK_LOG_ID_MISMATCH'],
  ['a time in words', log({ '/timestamp': 'yesterday' }), 'FEEDBACK_LOG_VALUE'],
  ['an outcome of its own', log({ '/outcome': 'great' }), 'FEEDBACK_LOG_VALUE'],
  ['a failure of its own', log({ '/failure_type': 'weather' }), 'FEEDBACK_LOG_VALUE'],
  ['a tier of its own', log({ '/source_tier': 'rumour' }), 'FEEDBACK_LOG_VALUE'],
  [
    'a context without a route',
    log({ '/context_signature/route_key': removed }),
    'FEEDBACK_LOG_MISSING',
  ],
  ['a context in words', log({ '/context_signature': 'the usual' }), 'FEEDBACK_LOG_TYPE'],
  ['success without an artifact', log({ '/artifacts': [] }), 'FEEDBACK_LOG_VALUE'],
  ['success in prose', log({ '/artifacts': 'it looked fine' }), 'FEEDBACK_LOG_TYPE'],
  ['a log that is not redacted', log({ '/redacted': false }), 'FEEDBACK_LOG_VALUE'],
  ['a denied key', log({ '/api_key': 'abc' }), 'FEEDBACK_LOG_SENSITIVE_KEY'],
  [
    'a denied key in a list in an object, written differently',
    log({ '/rulebook_delta/rules': [[{ 'API-Key': 1 }]] }),
    'FEEDBACK_LOG_SENSITIVE_KEY',
  ],
  [
    'a key that this pack denies',
    {
      ...contract('sensitive_fields_denylist/0', 'tax_number'),
      ...log({ '/rulebook_delta/tax_number': '12' }),
    },
    'FEEDBACK_LOG_SENSITIVE_KEY',
  ],
  [
    'a token in a sentence',
    log({ '/notes': `used ghp_${'a1'.repeat(18)} for it` }),
    'FEEDBACK_LOG_SECRET',
  ],
  [
    'a password in an address',
    log({ '/artifacts/0': 'https://me:secret@example.org/run' }),
    'FEEDBACK_LOG_SECRET',
  ],
  ['feedback of last month', log({ '/timestamp': '2026-01-22T12:00:00Z' }), 'FEEDBACK_LOG_STALE'],
  ['a log kept for a year', older('2025-01-01T00:00:00Z'), 'FEEDBACK_RETENTION_STALE'],
]);

describe('instance-feedback', () => {
  test('accepts an older log beside enough recent ones', () => {
    expect(validatePack(samplePack(older('2026-01-01T00:00:00Z')))).toEqual([]);
  });

  describe('under the name that the protocol’s guide has for it', () => {
    const block = member(samplePack().task?.value, 'experience_feedback_contract');
    const renamed = (changes: object) => ({
      task: {
        '/experience_feedback_contract': removed,
        '/instance_feedback_contract': { ...(block as object), ...changes },
      },
    });

    test('a pack is valid', () => {
      expect(validatePack(samplePack(renamed({})))).toEqual([]);
    });

    test('the same is found', () => {
      const found = validatePack(samplePack(renamed({ export_scope: 'public' })));
      expect(found).toMatchObject([
        {
          contract: 'instance-feedback',
          code: 'FEEDBACK_VALUE',
          pointer: '/instance_feedback_contract/export_scope',
        },
      ]);
    });

    test('what is not an object is for runtime-state', () => {
      const task = { ...renamed({}).task, '/instance_feedback_contract': [] };
      expect(validatePack(samplePack({ task }))).toMatchObject([
        { contract: 'runtime-state', code: 'RUNTIME_STATE_TYPE' },
      ]);
    });
  });
});
