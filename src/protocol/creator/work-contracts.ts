import type { PackDescription } from './pack-options.ts';
import { placeOf } from './places.ts';
import { creatorSkill, installerSkill, notifyChannel } from '../vocabulary.ts';

/** How the identity weighs evidence, reasons, routes and learns: the blocks that every pack has. */
export function workContracts(pack: PackDescription): Record<string, unknown> {
  const { id, skills } = pack;
  return {
    evaluation_contract: {
      required_evidence_triplet: ['api_evidence', 'event_evidence', 'ui_evidence'],
      consistency_required: true,
      consistency_fail_action: 'block_done_and_trigger_recheck',
      run_report_path_pattern: 'runtime/reports/run/*run*.json',
    },
    reasoning_loop_contract: {
      max_attempts_before_escalation: 3,
      mandatory_fields_per_attempt: ['attempt', 'hypothesis', 'patch', 'expected_effect', 'result'],
      failure_requires_next_action: true,
    },
    routing_contract: {
      auto_route_enabled: true,
      fallback_switch_after_failures: 2,
      problem_type_routes: {
        objective_work: [id],
        ...(skills.length > 0 && { skilled_work: skills }),
        capability_gap: [creatorSkill, installerSkill],
        human_collab_required: [notifyChannel],
      },
    },
    rulebook_contract: {
      append_only: true,
      required_rule_types: ['negative', 'positive'],
      required_fields: [
        'rule_id',
        'type',
        'trigger',
        'action',
        'evidence_run_id',
        'scope',
        'confidence',
        'updated_at',
      ],
      rulebook_path: 'RULEBOOK.jsonl',
    },
    learning_verification_contract: {
      run_id_required: true,
      reasoning_trace_required: true,
      reasoning_trace_path_pattern: placeOf('learning', pack).pattern,
      rulebook_update_required: true,
      rulebook_link_field: 'evidence_run_id',
    },
  };
}
