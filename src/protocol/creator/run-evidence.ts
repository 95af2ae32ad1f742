import { reportOutcome } from '../install-report.ts';
import type { PackDescription } from './pack-options.ts';
import { placeOf } from './places.ts';
import { sampleRecord } from './sample-record.ts';
import { day, utc } from './text.ts';
import { notifyChannel, taskIdOf } from '../vocabulary.ts';

/**
 * The evidence of runs that contracts require: reasoning, collaboration, feedback, decisions,
 * installs.
 */

export function learning({ now }: PackDescription): Record<string, unknown> {
  return sampleRecord({
    run_id: `scaffold-${day(now)}`,
    problem_type: 'objective_work',
    goal: 'find out why a check that passed before fails now',
    reasoning_attempts: [
      {
        attempt: 1,
        hypothesis: 'the input changed since the check last passed',
        patch: { action: 'run the check on the input of that day' },
        expected_effect: 'the check passes',
        result: 'fail',
        next_action: 'the input is not the reason; compare the environment',
      },
      {
        attempt: 2,
        hypothesis: 'a setting of the environment changed',
        patch: { action: 'restore the setting and run the check again' },
        expected_effect: 'the check passes',
        result: 'pass',
      },
    ],
    final_status: 'pass',
    notes: 'Shows the trace that every attempt must leave.',
  });
}

export function collaboration({ id, now }: PackDescription): Record<string, unknown> {
  const detected = utc(now, -5);
  const notified = utc(now);
  const dedupeKey = `event:login_required|task:${taskIdOf(id)}|cause:web-service`;
  return sampleRecord({
    log_id: `collaboration-${id}-${day(now)}`,
    identity_id: id,
    task_id: taskIdOf(id),
    blocker_type: 'login_required',
    source: 'web-service',
    detected_at: detected,
    requires_human_collab: true,
    notify_channel: notifyChannel,
    notified_at: notified,
    notify_status: 'sent',
    dedupe_key: dedupeKey,
    state_change_bypass_dedupe: true,
    chat_receipt: {
      emitted: true,
      event_id: 'event:login_required',
      blocker_type: 'login_required',
      notified_at: notified,
      channel: notifyChannel,
      dedupe_key: dedupeKey,
      status: 'sent',
    },
    next_action: {
      owner: 'human_operator',
      action: 'sign_in_and_confirm',
      input: 'Sign in to the service, then answer in this conversation.',
    },
  });
}

export function feedback(pack: PackDescription): Record<string, unknown> {
  const { id, mcpServers, now } = pack;
  return sampleRecord({
    feedback_id: `feedback-${id}-${day(now)}`,
    identity_id: id,
    task_id: taskIdOf(id),
    run_id: `scaffold-${day(now)}`,
    timestamp: utc(now),
    context_signature: {
      route_key: 'objective_work',
      risk_class: 'low',
      toolset_signature: ['filesystem', ...mcpServers],
    },
    outcome: 'success',
    failure_type: 'other',
    decision_trace_ref: placeOf('arbitration', pack).sample,
    artifacts: [placeOf('learning', pack).sample],
    rulebook_delta: { positive_added: 1, negative_added: 1 },
    replay_status: 'PASS',
    source_tier: 'internal',
    redacted: true,
  });
}

export function arbitration({ id, now }: PackDescription): Record<string, unknown> {
  return sampleRecord({
    identity_id: id,
    records: [
      {
        arbitration_id: `arbitration-${id}-${day(now)}`,
        task_id: taskIdOf(id),
        identity_id: id,
        conflict_pair: 'judgement_vs_routing',
        inputs: { risk_level: 'high', evidence_conflict: true },
        decision: 'prefer_judgement',
        impact: 'the task takes longer and its result rests on evidence that agrees',
        rationale: 'two sources disagree; which is right is decided before a route is chosen',
        decided_at: utc(now),
      },
    ],
  });
}

export function installReport({ id, now }: PackDescription): Record<string, unknown> {
  const { conflictType, action } = reportOutcome({
    added: 1,
    changedOrRemoved: 0,
    keptDiffering: 0,
  });
  return sampleRecord({
    report_id: `install-report-${id}-${day(now)}`,
    identity_id: id,
    generated_at: utc(now),
    operation: 'dry-run',
    conflict_type: conflictType,
    action,
    preserved_paths: [],
    dry_run: true,
    changed_files: [],
    installer_invocation: {
      tool: 'identity-installer',
      entrypoint: 'identity-install',
      command: `identity-install ${id} --dry-run`,
    },
  });
}
