import taxonomySchema from '../../../schemas/contracts/blocker-taxonomy.schema.json' with { type: 'json' };
import logSchema from '../../../schemas/contracts/collaboration-log.schema.json' with { type: 'json' };
import triggerSchema from '../../../schemas/contracts/collaboration-trigger.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { notifyChannel } from '../vocabulary.ts';
import { member } from '../documents/members.ts';
import { ageProblem, timeOf } from './checks/age.ts';
import { fieldsMissing } from './checks/fields.ts';
import { checkedRecord } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isOtherText, isText, texts } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { innerBlock, type Block } from './subject/block.ts';
import { locate, locateJson } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';
import { taskBlock } from './subject/task.ts';

const sampleLog = 'runtime/logs/collaboration/sample-identity-2026-02-22-sample.json';

/** The rules are in docs/protocol.md#collaboration-trigger. */
export const collaborationTrigger: Contract = {
  id: 'collaboration-trigger',
  title:
    'When only a person can continue, that person is notified at once, and a receipt proves it.',
  *check(subject) {
    const taxonomy = taskBlock(subject, 'blocker_taxonomy_contract');
    if (taxonomy !== undefined) yield* schemaFindings('COLLABORATION', taxonomy, taxonomySchema);
    const trigger = taskBlock(subject, 'collaboration_trigger_contract');
    if (trigger === undefined) return;
    yield* schemaFindings('COLLABORATION', trigger, triggerSchema);
    yield* strangeChannel(subject, trigger);
    yield* logs(subject, taxonomy, trigger);
  },
  samples: [
    {
      name: 'a blocker of the pack’s own',
      task: {
        '/blocker_taxonomy_contract/required_blocker_types/4': 'stakeholder_decision_required',
        '/collaboration_trigger_contract/trigger_conditions/4': 'stakeholder_decision_required',
      },
      json: { [sampleLog]: { '/blocker_type': 'stakeholder_decision_required' } },
      finds: null,
    },
    {
      name: 'another router that the routes name',
      task: {
        '/collaboration_trigger_contract/notify_channel': 'pager',
        '/routing_contract/problem_type_routes/human_collab_required': ['pager'],
      },
      json: { [sampleLog]: { '/notify_channel': 'pager', '/chat_receipt/channel': 'pager' } },
      finds: null,
    },
    {
      name: 'a taxonomy without captchas',
      task: { '/blocker_taxonomy_contract/required_blocker_types/1': removed },
      finds: 'COLLABORATION_VALUE',
    },
    {
      name: 'a notification once a day',
      task: { '/collaboration_trigger_contract/notify_timing': 'daily' },
      finds: 'COLLABORATION_VALUE',
    },
    {
      name: 'a receipt that nobody saw',
      json: { [sampleLog]: { '/chat_receipt/emitted': false } },
      finds: 'COLLABORATION_LOG_VALUE',
    },
    {
      name: 'a log of last year',
      json: {
        [sampleLog]: {
          '/detected_at': '2025-02-22T12:00:00Z',
          '/notified_at': '2025-02-22T12:00:01Z',
        },
      },
      finds: 'COLLABORATION_LOG_STALE',
    },
  ],
};

/** A pack whose routes name no router of its own notifies through the protocol's. */
function* strangeChannel(subject: Subject, trigger: Block): Generator<Finding> {
  const channel = trigger.get('notify_channel');
  const routes = member(member(subject.task?.value, 'routing_contract'), 'problem_type_routes');
  const routers = texts(member(routes, 'human_collab_required'));
  if (isOtherText(channel, notifyChannel) && !routers.includes(channel)) {
    yield violation('COLLABORATION_CHANNEL_UNKNOWN', trigger.at('notify_channel'), channel);
  }
}

function* logs(subject: Subject, taxonomy: Block | undefined, trigger: Block): Generator<Finding> {
  const pattern = trigger.get('evidence_log_path_pattern');
  const least = trigger.get('minimum_evidence_logs_required');
  const found = locate(subject, pattern).length;
  if (isText(pattern) && Number.isInteger(least)) {
    if (found < (least as number)) {
      const place = trigger.at('evidence_log_path_pattern');
      yield violation('COLLABORATION_LOGS_TOO_FEW', place, found, least as number);
    }
  }
  for (const document of locateJson(subject, pattern)) {
    const log = yield* checkedRecord('COLLABORATION_LOG', document, logSchema);
    if (log !== undefined) yield* logFindings(subject, taxonomy, trigger, log);
  }
}

function* logFindings(
  subject: Subject,
  taxonomy: Block | undefined,
  trigger: Block,
  log: Block,
): Generator<Finding> {
  const fields = taxonomy?.get('blocker_classification_required_fields');
  yield* fieldsMissing('COLLABORATION_LOG', log, fields, logSchema);
  const receipt = innerBlock(log, 'chat_receipt');
  if (receipt !== undefined) {
    const asked = trigger.get('receipt_required_fields');
    yield* fieldsMissing('COLLABORATION_LOG', receipt, asked, logSchema.properties.chat_receipt);
  }

  const ids = [
    ['identity_id', subject.id],
    ['task_id', member(subject.task?.value, 'task_id')],
  ] as const;
  for (const [key, wanted] of ids) {
    const id = log.get(key);
    if (isOtherText(id, wanted)) {
      yield violation('COLLABORATION_LOG_ID_MISMATCH', log.at(key), id, String(wanted));
    }
  }

  const types = texts(taxonomy?.get('required_blocker_types'));
  const type = log.get('blocker_type');
  if (isText(type) && types.length > 0 && !types.includes(type)) {
    yield violation('COLLABORATION_LOG_BLOCKER_UNKNOWN', log.at('blocker_type'), type);
  }

  const channel = trigger.get('notify_channel');
  if (isOtherText(log.get('notify_channel'), channel)) {
    yield violation('COLLABORATION_LOG_CHANNEL', log.at('notify_channel'), String(channel));
  }
  if (isOtherText(receipt?.get('channel'), channel)) {
    yield violation(
      'COLLABORATION_LOG_CHANNEL',
      log.at('chat_receipt', 'channel'),
      String(channel),
    );
  }

  const detected = timeOf(log.get('detected_at'));
  const notified = timeOf(log.get('notified_at'));
  if (detected !== undefined && notified !== undefined && notified < detected) {
    yield violation('COLLABORATION_LOG_ORDER', log.at('notified_at'));
  }
  const days = trigger.get('max_log_age_days');
  const problem = ageProblem(days, log.get('notified_at'), subject.now);
  if (problem !== undefined) {
    yield violation('COLLABORATION_LOG_STALE', log.at('notified_at'), problem);
  }
}
