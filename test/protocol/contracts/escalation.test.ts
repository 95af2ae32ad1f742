import {
  removed,
  type JsonEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

function policy(edits: JsonEdits): PackEdits {
  const within = Object.entries(edits).map(([key, value]) => [`/escalation_policy/${key}`, value]);
  return { task: Object.fromEntries(within) as JsonEdits };
}

describeMutations('escalation', [
  ['no word on email', policy({ email_for_offline_only: removed }), 'ESCALATION_MISSING'],
  ['email for everything', policy({ email_for_offline_only: false }), 'ESCALATION_VALUE'],
  ['email for something', policy({ email_for_offline_only: 'mostly' }), 'ESCALATION_VALUE'],
  ['no offline blockers', policy({ offline_blockers: removed }), 'ESCALATION_MISSING'],
  ['an empty list of them', policy({ offline_blockers: [] }), 'ESCALATION_VALUE'],
  [
    'email for blockers that need a person, of which there are none',
    policy({ human_collab_blockers: [] }),
    'ESCALATION_HUMAN_UNNAMED',
  ],
  ['offline blockers in a text', policy({ offline_blockers: 'all' }), 'ESCALATION_TYPE'],
  ['a blocker that is a number', policy({ 'offline_blockers/0': 1 }), 'ESCALATION_TYPE'],
  [
    'a blocker named twice',
    policy({ 'offline_blockers/2': 'owner_unavailable' }),
    'ESCALATION_VALUE',
  ],
  ['nothing that no email is for', policy({ do_not_email_for: removed }), 'ESCALATION_MISSING'],
  ['an empty reason', policy({ 'do_not_email_for/0': '' }), 'ESCALATION_VALUE'],
  [
    'email for a silent reason',
    policy({ 'offline_blockers/2': 'task_started' }),
    'ESCALATION_CONTRADICTION',
  ],
  [
    'a silent reason that email is for',
    policy({ 'do_not_email_for/2': 'login_required' }),
    'ESCALATION_CONTRADICTION',
  ],
  ['people in a number', policy({ email_for_human_collab_blockers: 1 }), 'ESCALATION_TYPE'],
  [
    'people without a blocker',
    policy({ human_collab_blockers: removed }),
    'ESCALATION_HUMAN_UNNAMED',
  ],
  [
    'a blocker that nobody knows',
    policy({ 'human_collab_blockers/4': 'bored' }),
    'ESCALATION_BLOCKER_UNKNOWN',
  ],
  [
    'a captcha as an offline blocker',
    policy({ email_for_human_collab_blockers: false, 'offline_blockers/2': 'captcha_required' }),
    'ESCALATION_NOT_OFFLINE',
  ],
  [
    'the same without a word on people',
    policy({
      email_for_human_collab_blockers: removed,
      human_collab_blockers: removed,
      'offline_blockers/2': 'session_expired',
    }),
    'ESCALATION_NOT_OFFLINE',
  ],
]);
