import {
  removed,
  type JsonEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

const logFile = 'runtime/logs/collaboration/sample-identity-2026-02-22-sample.json';
const taxonomy = (edits: JsonEdits) => task('/blocker_taxonomy_contract', edits);
const trigger = (edits: JsonEdits) => task('/collaboration_trigger_contract', edits);
const log = (edits: JsonEdits): PackEdits => ({ json: { [logFile]: edits } });

function task(block: string, edits: JsonEdits): PackEdits {
  const within = Object.entries(edits).map(([pointer, value]) => [`${block}${pointer}`, value]);
  return { task: Object.fromEntries(within) as JsonEdits };
}

describeMutations('collaboration-trigger', [
  ['no blocker types', taxonomy({ '/required_blocker_types': removed }), 'COLLABORATION_MISSING'],
  ['a log without a word on what is next', log({ '/next_action': '' }), 'COLLABORATION_LOG_VALUE'],
  ['a log of nothing next', log({ '/next_action': {} }), 'COLLABORATION_LOG_VALUE'],
  [
    'a taxonomy without session_expired',
    taxonomy({ '/required_blocker_types/2': removed }),
    'COLLABORATION_VALUE',
  ],
  [
    'a classification without next_action',
    taxonomy({ '/blocker_classification_required_fields/4': removed }),
    'COLLABORATION_VALUE',
  ],
  [
    'a classification field that the log does not have',
    taxonomy({ '/blocker_classification_required_fields/5': 'screenshot' }),
    'COLLABORATION_LOG_MISSING',
  ],
  ['no hard rule', trigger({ '/hard_rule': removed }), 'COLLABORATION_MISSING'],
  ['no condition', trigger({ '/trigger_conditions': [] }), 'COLLABORATION_VALUE'],
  ['conditions in a text', trigger({ '/trigger_conditions': 'all' }), 'COLLABORATION_TYPE'],
  ['an empty policy', trigger({ '/notify_policy': '' }), 'COLLABORATION_VALUE'],
  ['a notification later', trigger({ '/notify_timing': 'hourly' }), 'COLLABORATION_VALUE'],
  ['no channel', trigger({ '/notify_channel': removed }), 'COLLABORATION_MISSING'],
  [
    'a channel that no route names',
    {
      ...trigger({ '/notify_channel': 'pager' }),
      ...log({ '/notify_channel': 'pager', '/chat_receipt/channel': 'pager' }),
    },
    'COLLABORATION_CHANNEL_UNKNOWN',
  ],
  ['a window of no hours', trigger({ '/dedupe_window_hours': 0 }), 'COLLABORATION_VALUE'],
  ['a window in words', trigger({ '/dedupe_window_hours': 'a day' }), 'COLLABORATION_TYPE'],
  [
    'a state change that is held back',
    trigger({ '/state_change_bypass_dedupe': false }),
    'COLLABORATION_VALUE',
  ],
  ['no receipt in the chat', trigger({ '/must_emit_receipt_in_chat': 1 }), 'COLLABORATION_VALUE'],
  [
    'a receipt without its channel',
    trigger({ '/receipt_required_fields/3': removed }),
    'COLLABORATION_VALUE',
  ],
  [
    'a receipt field that the log does not have',
    trigger({ '/receipt_required_fields/6': 'reader' }),
    'COLLABORATION_LOG_MISSING',
  ],
  [
    'a pattern that leads nowhere',
    trigger({ '/evidence_log_path_pattern': 'runtime/elsewhere/*.json' }),
    'COLLABORATION_LOGS_TOO_FEW',
  ],
  [
    'a pattern that leads out',
    trigger({ '/evidence_log_path_pattern': '../*.json' }),
    'COLLABORATION_LOGS_TOO_FEW',
  ],
  [
    'fewer logs than are asked for',
    trigger({ '/minimum_evidence_logs_required': 2 }),
    'COLLABORATION_LOGS_TOO_FEW',
  ],
  [
    'a pattern that leads to prose',
    trigger({ '/evidence_log_path_pattern': 'TASK_HISTORY.md' }),
    'COLLABORATION_VALUE',
  ],
  [
    'a log of next week',
    log({ '/detected_at': '2026-03-01T12:00:00Z', '/notified_at': '2026-03-01T12:00:00Z' }),
    'COLLABORATION_LOG_STALE',
  ],
  ['no log', { files: { [logFile]: null } }, 'COLLABORATION_LOGS_TOO_FEW'],
  ['a log that is a list', { files: { [logFile]: '[]' } }, 'COLLABORATION_LOG_TYPE'],
  ['the log of somebody else', log({ '/identity_id': 'other' }), 'COLLABORATION_LOG_ID_MISMATCH'],
  ['the log of another task', log({ '/task_id': 'other' }), 'COLLABORATION_LOG_ID_MISMATCH'],
  [
    'a blocker that nobody knows',
    log({ '/blocker_type': 'bored' }),
    'COLLABORATION_LOG_BLOCKER_UNKNOWN',
  ],
  ['a log of no person', log({ '/requires_human_collab': false }), 'COLLABORATION_LOG_VALUE'],
  ['another channel', log({ '/notify_channel': 'email' }), 'COLLABORATION_LOG_CHANNEL'],
  [
    'a receipt of another channel',
    log({ '/chat_receipt/channel': 'email' }),
    'COLLABORATION_LOG_CHANNEL',
  ],
  ['an empty key', log({ '/dedupe_key': '' }), 'COLLABORATION_LOG_VALUE'],
  ['no receipt', log({ '/chat_receipt': removed }), 'COLLABORATION_LOG_MISSING'],
  ['half a receipt', log({ '/chat_receipt/event_id': removed }), 'COLLABORATION_LOG_MISSING'],
  [
    'a day that does not exist',
    log({ '/notified_at': '2026-13-01T00:00:00Z' }),
    'COLLABORATION_LOG_VALUE',
  ],
  [
    'a notification before the blocker',
    log({ '/notified_at': '2026-02-22T11:00:00Z' }),
    'COLLABORATION_LOG_ORDER',
  ],
  [
    'a log of last month',
    log({ '/detected_at': '2026-01-22T11:59:58Z', '/notified_at': '2026-01-22T11:59:59Z' }),
    'COLLABORATION_LOG_STALE',
  ],
]);
