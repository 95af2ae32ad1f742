import recordSchema from '../../../schemas/contracts/feedback-record.schema.json' with { type: 'json' };
import feedbackSchema from '../../../schemas/contracts/instance-feedback.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { looksSecret } from '../../core/secret-text.ts';
import { pointerTo } from '../documents/pointer.ts';
import { ageProblem, isOlderThan } from './checks/age.ts';
import { checkedRecord } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isOtherText, isText, texts } from './checks/texts.ts';
import { nestedMembers, nestedTexts } from './checks/nested.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import type { Block } from './subject/block.ts';
import { blockNames } from './subject/gates.ts';
import { locate, locateJson } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';
import { taskBlock } from './subject/task.ts';

const sampleLog = 'runtime/logs/feedback/sample-identity-feedback-2026-02-22-sample.json';

/**
 * docs/protocol.md#feedback. Packs and their gate name the block `experience_feedback_contract`,
 * the protocol's guide `instance_feedback_contract`: both are accepted.
 */
export const instanceFeedback: Contract = {
  id: 'instance-feedback',
  title: 'Feedback of runs is structured, recent, and contains nothing private.',
  *check(subject) {
    for (const name of blockNames('experience_feedback_contract')) {
      const contract = taskBlock(subject, name);
      if (contract === undefined) continue;
      yield* schemaFindings('FEEDBACK', contract, feedbackSchema);
      yield* logs(subject, contract);
    }
  },
  samples: [
    {
      name: 'a denied key whose value was taken out',
      json: { [sampleLog]: { '/notes': { email: '[REDACTED]', Cookie: '***' } } },
      finds: null,
    },
    {
      name: 'a failure without artifacts',
      json: {
        [sampleLog]: { '/outcome': 'failure', '/failure_type': 'tool_auth', '/artifacts': [] },
      },
      finds: null,
    },
    {
      name: 'logs that are not redacted',
      task: { '/experience_feedback_contract/redaction_policy_required': false },
      finds: 'FEEDBACK_VALUE',
    },
    {
      name: 'a cookie, deep inside',
      json: { [sampleLog]: { '/notes': [{ request: { 'Set-Cookie': 'id=1' } }] } },
      finds: 'FEEDBACK_LOG_SENSITIVE_KEY',
    },
    {
      name: 'a run without an outcome',
      json: { [sampleLog]: { '/outcome': removed } },
      finds: 'FEEDBACK_LOG_MISSING',
    },
    {
      name: 'a claimed success without evidence',
      json: { [sampleLog]: { '/artifacts': [] } },
      finds: 'FEEDBACK_LOG_VALUE',
    },
  ],
};

function* logs(subject: Subject, contract: Block): Generator<Finding> {
  const pattern = contract.get('feedback_log_path_pattern');
  const least = contract.get('minimum_logs_required');
  const found = locate(subject, pattern).length;
  const place = contract.at('feedback_log_path_pattern');
  const wanted = Number.isInteger(least) ? (least as number) : 1;
  if (isText(pattern) && found < wanted) {
    yield violation('FEEDBACK_LOGS_TOO_FEW', place, found, wanted);
  }
  const read: Block[] = [];
  for (const document of locateJson(subject, pattern)) {
    const log = yield* checkedRecord('FEEDBACK_LOG', document, recordSchema);
    if (log === undefined) continue;
    read.push(log);
    const id = log.get('identity_id');
    if (isOtherText(id, subject.id)) {
      yield violation('FEEDBACK_LOG_ID_MISMATCH', log.at('identity_id'), id, subject.id);
    }
    yield* unredacted(contract, log);
  }
  yield* ages(subject, contract, read, wanted);
}

/** Denied keys at every depth, and texts that look like secrets under any key. */
function* unredacted(contract: Block, log: Block): Generator<Finding> {
  const denied = new Set(texts(contract.get('sensitive_fields_denylist')).map(plainKey));
  for (const { keys, key, value } of nestedMembers(log.members)) {
    if (denied.has(plainKey(key)) && !isTakenOut(value)) {
      yield violation('FEEDBACK_LOG_SENSITIVE_KEY', log.at(...keys), key);
    }
  }
  for (const { keys, text } of nestedTexts(log.members)) {
    if (looksSecret(text)) {
      yield violation('FEEDBACK_LOG_SECRET', log.at(...keys), pointerTo(keys));
    }
  }
}

/** `Set-Cookie`, `set_cookie` and `setCookie` are one key. */
function plainKey(key: string): string {
  return key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Empty, or a mark that something was removed. */
function isTakenOut(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'string' && /^\W*(?:redacted|removed|masked)?\W*$/i.test(value);
}

/**
 * Enough logs are recent (`max_log_age_days`), and none is kept longer than `retention_days`. A log
 * between the two ages may be kept, but does not count as recent.
 */
function* ages(
  { now }: Subject,
  contract: Block,
  found: readonly Block[],
  wanted: number,
): Generator<Finding> {
  const days = contract.get('max_log_age_days');
  const kept = contract.get('retention_days');
  const aged = found.map((log) => [log, ageProblem(days, log.get('timestamp'), now)] as const);
  const recent = aged.filter(([, problem]) => problem === undefined).length;
  for (const [log, problem] of aged) {
    const place = log.at('timestamp');
    if (isOlderThan(kept, log.get('timestamp'), now)) {
      yield violation('FEEDBACK_RETENTION_STALE', place, Number(kept));
    } else if (recent < wanted && problem !== undefined) {
      yield violation('FEEDBACK_LOG_STALE', place, problem, wanted);
    }
  }
}
