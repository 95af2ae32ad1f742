import schema from '../../../schemas/contracts/escalation.schema.json' with { type: 'json' };
import { humanBlockers } from '../vocabulary.ts';
import { member } from '../documents/members.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { textItems, texts } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { taskBlock } from './subject/task.ts';

/** The rules are in docs/protocol.md#escalation. */
export const escalation: Contract = {
  id: 'escalation',
  title: 'Email is for offline blockers, and for a person’s help only where the contract says so.',
  *check(subject) {
    const policy = taskBlock(subject, 'escalation_policy');
    if (policy === undefined) return;
    yield* schemaFindings('ESCALATION', policy, schema);

    const emailsPeople = policy.get('email_for_human_collab_blockers') === true;
    const human = texts(policy.get('human_collab_blockers'));
    const silent = texts(policy.get('do_not_email_for'));
    const blockers = policy.get('human_collab_blockers');
    if (
      emailsPeople &&
      (blockers === undefined || (Array.isArray(blockers) && blockers.length === 0))
    ) {
      yield violation('ESCALATION_HUMAN_UNNAMED', policy.at('email_for_human_collab_blockers'));
    }
    for (const key of ['offline_blockers', ...(emailsPeople ? ['human_collab_blockers'] : [])]) {
      for (const { index, text: blocker } of textItems(policy.get(key))) {
        const place = policy.at(key, index);
        if (silent.includes(blocker)) yield violation('ESCALATION_CONTRADICTION', place, blocker);
        else if (key === 'offline_blockers' && !emailsPeople && isHuman(blocker, human)) {
          yield violation('ESCALATION_NOT_OFFLINE', place, blocker);
        }
      }
    }

    const taxonomy = member(subject.task?.value, 'blocker_taxonomy_contract');
    const known = [...humanBlockers, ...texts(member(taxonomy, 'required_blocker_types'))];
    for (const { index, text: blocker } of textItems(policy.get('human_collab_blockers'))) {
      if (known.includes(blocker)) continue;
      const place = policy.at('human_collab_blockers', index);
      yield violation('ESCALATION_BLOCKER_UNKNOWN', place, blocker);
    }
  },
  samples: [
    {
      name: 'no email for what a person in the conversation can do',
      task: {
        '/escalation_policy/email_for_human_collab_blockers': false,
        '/escalation_policy/human_collab_blockers': removed,
      },
      finds: null,
    },
    {
      name: 'a blocker that the taxonomy adds',
      task: {
        '/blocker_taxonomy_contract/required_blocker_types/4': 'stakeholder_decision_required',
        '/escalation_policy/human_collab_blockers/4': 'stakeholder_decision_required',
      },
      finds: null,
    },
    {
      name: 'email for everything',
      task: { '/escalation_policy/email_for_offline_only': false },
      finds: 'ESCALATION_VALUE',
    },
    {
      name: 'email for what no email is sent for',
      task: { '/escalation_policy/offline_blockers/2': 'routine_status_update' },
      finds: 'ESCALATION_CONTRADICTION',
    },
    {
      name: 'a login called an offline blocker',
      task: {
        '/escalation_policy/email_for_human_collab_blockers': false,
        '/escalation_policy/offline_blockers/2': 'login_required',
      },
      finds: 'ESCALATION_NOT_OFFLINE',
    },
  ],
};

function isHuman(blocker: string, blockers: readonly string[]): boolean {
  return blockers.includes(blocker) || (humanBlockers as readonly string[]).includes(blocker);
}
