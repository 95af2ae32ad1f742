import type { PackDescription } from './pack-options.ts';
import { placeOf } from './places.ts';
import { humanBlockers, notifyChannel } from '../vocabulary.ts';

/** When a person is asked, what is kept of a run, and which aim wins in a conflict. */
export function collaborationContracts(pack: PackDescription): Record<string, unknown> {
  return {
    blocker_taxonomy_contract: {
      required: true,
      required_blocker_types: humanBlockers,
      blocker_classification_required_fields: [
        'blocker_type',
        'source',
        'detected_at',
        'requires_human_collab',
        'next_action',
      ],
      fail_action: 'block_merge_and_reenter_collaboration_update',
    },
    collaboration_trigger_contract: {
      required: true,
      hard_rule:
        'When a person is needed, tell that person at once, leave a receipt in the conversation, and do not retry behind their back.',
      trigger_conditions: humanBlockers,
      notify_policy: 'must_notify_when_human_required',
      notify_timing: 'immediate',
      notify_channel: notifyChannel,
      dedupe_window_hours: 24,
      state_change_bypass_dedupe: true,
      must_emit_receipt_in_chat: true,
      receipt_required_fields: [
        'event_id',
        'blocker_type',
        'notified_at',
        'channel',
        'dedupe_key',
        'status',
      ],
      evidence_log_path_pattern: placeOf('collaboration', pack).pattern,
      minimum_evidence_logs_required: 1,
      max_log_age_days: 30,
    },
    experience_feedback_contract: {
      required: true,
      redaction_policy_required: true,
      retention_days: 90,
      sensitive_fields_denylist: [
        'access_token',
        'authorization',
        'cookie',
        'set-cookie',
        'api_key',
        'password',
        'private_key',
        'email',
        'phone',
      ],
      export_scope: 'instance-only',
      max_log_age_days: 30,
      minimum_logs_required: 1,
      feedback_log_path_pattern: placeOf('feedback', pack).pattern,
      promotion_requires_replay_pass: true,
    },
    capability_arbitration_contract: arbitration(pack),
  };
}

function arbitration(pack: PackDescription): Record<string, unknown> {
  return {
    required: true,
    priority_order: ['accurate_judgement', 'governance', 'latency', 'exploration'],
    conflict_rules: {
      judgement_vs_routing: {
        when: ['evidence_conflict_detected', 'irreversible_action_next'],
        decision: 'prefer_judgement',
      },
      reasoning_vs_latency: {
        when: ['low_risk_and_somebody_waiting'],
        decision: 'bounded_reasoning',
      },
      routing_vs_learning: {
        when: ['new_kind_of_problem'],
        decision: 'cap_exploration_ratio',
        max_exploration_ratio: 0.2,
      },
      learning_vs_hotfix: {
        when: ['incident_under_way'],
        decision: 'temporary_hotfix_then_rulebook_backfill',
      },
    },
    trigger_thresholds: {
      misroute_rate_percent: 10,
      replay_failure_rate_percent: 20,
      first_pass_success_drop_percent: 15,
    },
    decision_record_required_fields: [
      'arbitration_id',
      'task_id',
      'identity_id',
      'conflict_pair',
      'inputs',
      'decision',
      'impact',
      'rationale',
      'decided_at',
    ],
    sample_report_path_pattern: placeOf('arbitration', pack).pattern,
    fail_action: 'block_merge_and_reenter_arbitration_update',
    safe_auto_patch_surface: {
      enforce_path_policy: true,
      allowlist: ['RULEBOOK.jsonl', 'TASK_HISTORY.md', 'runtime/logs/*', 'runtime/rulebooks/*'],
      denylist: ['identity/protocol/*', '.github/workflows/*', 'scripts/validate_*'],
    },
  };
}
