import { collaborationContracts } from './collaboration-contracts.ts';
import { installContracts } from './install-contracts.ts';
import type { PackDescription } from './pack-options.ts';
import { identityFromPack } from './places.ts';
import { day, jsonText } from './text.ts';
import { updateContracts } from './update-contracts.ts';
import { humanBlockers, methodologyVersion, taskIdOf } from '../vocabulary.ts';
import { workContracts } from './work-contracts.ts';

/**
 * `CURRENT_TASK.json`: the objective, the state, and the contracts in force
 * (docs/protocol.md#the-task-document).
 */
export function taskFile(pack: PackDescription): string {
  const { id, title, objective, now } = pack;
  return jsonText({
    $schema: `${identityFromPack}/schemas/current-task.schema.json`,
    task_id: taskIdOf(id),
    agent_identity: {
      name: id,
      role: title,
      methodology_version: methodologyVersion,
      identity_prompt_path: 'IDENTITY_PROMPT.md',
    },
    objective: { title: objective, priority: 'HIGH', status: 'pending' },
    state_machine: stateMachine,
    gates,
    source_of_truth: {
      local_docs_roots: ['README.md', 'docs'],
      local_project_evidence_roots: ['runtime/reports', 'runtime/logs'],
    },
    escalation_policy: {
      email_for_offline_only: true,
      offline_blockers: ['owner_unavailable', 'access_grant_required'],
      do_not_email_for: ['task_started', 'routine_status_update'],
      email_for_human_collab_blockers: true,
      human_collab_blockers: humanBlockers,
    },
    required_artifacts: ['runtime/reports/**'],
    post_execution_mandatory: [
      'append the outcome to TASK_HISTORY.md',
      'update objective.status and state_machine.current_state',
      'append a rule to RULEBOOK.jsonl when the task taught one',
    ],
    ...workContracts(pack),
    ...updateContracts(pack),
    ...collaborationContracts(pack),
    ...installContracts(pack),
    version_control: { sync_status: 'initialized', last_updated: day(now) },
  });
}

const stateMachine = {
  current_state: 'intake',
  allowed_states: ['intake', 'planning', 'working', 'verifying', 'done', 'blocked_offline'],
  transition_rules: [
    'intake -> planning',
    'planning -> working',
    'working -> verifying',
    'verifying -> working',
    'verifying -> done',
    'planning -> blocked_offline',
    'working -> blocked_offline',
    'blocked_offline -> working',
  ],
};

/**
 * Only contracts that a pack can keep before its first run are required; provenance begins with an
 * installation.
 */
const gates = {
  payload_evidence_gate: 'required',
  multimodal_consistency_gate: 'required',
  reasoning_loop_gate: 'required',
  routing_gate: 'required',
  rulebook_gate: 'required',
  protocol_baseline_review_gate: 'required',
  identity_update_gate: 'required',
  collaboration_trigger_gate: 'required',
  experience_feedback_gate: 'required',
  arbitration_gate: 'required',
  install_safety_gate: 'required',
  install_provenance_gate: 'optional',
  orchestration_gate: 'optional',
  knowledge_acquisition_gate: 'optional',
  ci_enforcement_gate: 'optional',
};
