import type { PackDescription } from './pack-options.ts';
import { placeOf } from './places.ts';
import { patchSurfaces, reviewSources, updateChecks } from '../vocabulary.ts';

/**
 * How the identity is changed: what is read first, what triggers it, and what proves that it
 * worked.
 */
export function updateContracts(pack: PackDescription): Record<string, unknown> {
  return {
    protocol_review_contract: {
      required_before: ['identity_capability_upgrade', 'identity_architecture_decision'],
      must_review_sources: reviewSources,
      required_evidence_fields: [
        'review_id',
        'reviewed_at',
        'reviewer_identity',
        'purpose',
        'sources_reviewed',
        'findings',
        'decision',
      ],
      evidence_report_path_pattern: placeOf('protocolReview', pack).pattern,
      max_review_age_days: 90,
    },
    identity_update_lifecycle_contract: {
      trigger_contract: {
        mandatory_conditions: [
          'operational_failure',
          'repeat_failure',
          'route_exhausted',
          'new_domain_gap',
        ],
        max_attempts_before_update: 2,
      },
      patch_surface_contract: { required_files: patchSurfaces, required_rulebook_update: true },
      validation_contract: { required_checks: updateChecks, must_pass_all: true },
      replay_contract: {
        replay_required: true,
        replay_same_case_required: true,
        replay_fail_action: 'reenter_identity_update_loop',
        evidence_path_pattern: placeOf('updateReplay', pack).pattern,
        required_fields: [
          'identity_id',
          'replay_status',
          'failed_case_id',
          'patched_files',
          'validation_checks_passed',
        ],
      },
    },
    trigger_regression_contract: {
      required: true,
      required_suites: ['positive_cases', 'boundary_cases', 'negative_cases'],
      result_enum: ['PASS', 'FAIL'],
      sample_report_path_pattern: placeOf('triggerRegression', pack).pattern,
      fail_action: 'block_merge_and_reenter_identity_update',
    },
  };
}
