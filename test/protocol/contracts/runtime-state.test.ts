import { removed } from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

describeMutations('runtime-state', [
  ['no objective', { task: { '/objective': removed } }, 'RUNTIME_STATE_MISSING'],
  ['an empty objective', { task: { '/objective': {} } }, 'RUNTIME_STATE_VALUE'],
  ['no state machine', { task: { '/state_machine': removed } }, 'RUNTIME_STATE_MISSING'],
  ['gates in a list', { task: { '/gates': ['routing_gate'] } }, 'RUNTIME_STATE_TYPE'],
  ['a gate that is not a word', { task: { '/gates/routing_gate': true } }, 'RUNTIME_STATE_TYPE'],
  ['a contract that is a text', { task: { '/routing_contract': 'yes' } }, 'RUNTIME_STATE_TYPE'],
  ['a contract that is null', { task: { '/rulebook_contract': null } }, 'RUNTIME_STATE_TYPE'],
  ['no judgement', { task: { '/evaluation_contract': removed } }, 'RUNTIME_STATE_MISSING'],
  ['artifacts in a text', { task: { '/required_artifacts': 'all' } }, 'RUNTIME_STATE_TYPE'],
  [
    'an empty duty after execution',
    { task: { '/post_execution_mandatory/0': '' } },
    'RUNTIME_STATE_VALUE',
  ],
  [
    'no current state',
    { task: { '/state_machine/current_state': removed } },
    'RUNTIME_STATE_MISSING',
  ],
  [
    'a current state that is not allowed',
    { task: { '/state_machine/current_state': 'sleeping' } },
    'RUNTIME_STATE_STATE_UNKNOWN',
  ],
  [
    'a transition to a state that is not allowed',
    { task: { '/state_machine/transition_rules/0': 'intake -> sleeping' } },
    'RUNTIME_STATE_STATE_UNKNOWN',
  ],
  [
    'a transition without an arrow',
    { task: { '/state_machine/transition_rules/0': 'intake' } },
    'RUNTIME_STATE_RULE_UNREADABLE',
  ],
  ['no allowed states', { task: { '/state_machine/allowed_states': [] } }, 'RUNTIME_STATE_VALUE'],
  [
    'an allowed state named twice',
    { task: { '/state_machine/allowed_states/6': 'intake' } },
    'RUNTIME_STATE_VALUE',
  ],
  [
    'a required review without its contract',
    { task: { '/protocol_review_contract': removed } },
    'RUNTIME_STATE_GATE_WITHOUT_CONTRACT',
  ],
  [
    'updates without regression cases',
    { task: { '/trigger_regression_contract': removed } },
    'RUNTIME_STATE_GATE_WITHOUT_CONTRACT',
  ],
  [
    'a required collaboration without its taxonomy',
    { task: { '/blocker_taxonomy_contract': removed } },
    'RUNTIME_STATE_GATE_WITHOUT_CONTRACT',
  ],
  [
    'a required provenance without its contract',
    { task: { '/gates/install_provenance_gate': 'required' } },
    'RUNTIME_STATE_GATE_WITHOUT_CONTRACT',
  ],
  ['a task that is a list', { files: { 'CURRENT_TASK.json': '[]' } }, 'RUNTIME_STATE_NO_OBJECT'],
]);
