import type { PackDescription } from './pack-options.ts';
import { sampleRecord } from './sample-record.ts';
import { day, utc } from './text.ts';
import {
  creatorSkill,
  notifyChannel,
  patchSurfaces,
  reviewSources,
  updateChecks,
} from '../vocabulary.ts';

/** The evidence that the contracts of an update require: review, replay, trigger regression. */

export function protocolReview({ id, now }: PackDescription): Record<string, unknown> {
  return sampleRecord({
    review_id: `protocol-baseline-review-${id}-${day(now)}`,
    reviewed_at: utc(now),
    reviewer_identity: id,
    purpose: `Compare the contracts of ${id} with the protocol when the pack is written.`,
    sources_reviewed: reviewSources,
    findings: ['The pack names a contract for every gate that it requires.'],
    decision: {
      result: 'approved',
      notes: 'Sample decision. Write your own review before you change what this identity may do.',
    },
  });
}

export function updateReplay({ id, now }: PackDescription): Record<string, unknown> {
  return sampleRecord({
    replay_id: `${id}-update-replay-${day(now)}`,
    identity_id: id,
    replayed_at: utc(now),
    replay_status: 'PASS',
    failed_case_id: 'pos-001-repeated-failure',
    patched_files: patchSurfaces,
    validation_checks_passed: updateChecks,
  });
}

export function triggerRegression({ id, now }: PackDescription): Record<string, unknown> {
  const suites = {
    positive_cases: [
      passed({
        case_id: 'pos-001-repeated-failure',
        input_summary: 'The same kind of task failed twice for the same reason.',
        route: `capability_gap -> ${creatorSkill}`,
        trigger: true,
        notes: 'reaches max_attempts_before_update',
      }),
    ],
    boundary_cases: [
      passed({
        case_id: 'bnd-001-first-failure',
        input_summary: 'A task failed once and the next hypothesis is known.',
        route: `objective_work -> ${id}`,
        trigger: false,
        notes: 'one failure is a rule, not an update',
      }),
    ],
    negative_cases: [
      passed({
        case_id: 'neg-001-login-wall',
        input_summary: 'A service asks for a login.',
        route: `human_collab_required -> ${notifyChannel}`,
        trigger: false,
        notes: 'a person is needed, not a new prompt',
      }),
    ],
  };
  const total = Object.values(suites).flat().length;
  return sampleRecord({
    report_id: `trigger-regression-${id}-${day(now)}`,
    identity_id: id,
    generated_at: utc(now),
    ...suites,
    summary: { total_cases: total, pass_cases: total, fail_cases: 0, overall_result: 'PASS' },
  });
}

function passed(options: {
  readonly case_id: string;
  readonly input_summary: string;
  readonly route: string;
  readonly trigger: boolean;
  readonly notes: string;
}): Record<string, unknown> {
  const { case_id, input_summary, route, trigger, notes } = options;
  return {
    case_id,
    input_summary,
    expected_route: route,
    expected_trigger: trigger,
    observed_route: route,
    observed_trigger: trigger,
    result: 'PASS',
    notes,
  };
}
