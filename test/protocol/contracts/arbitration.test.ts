import { describe, expect, test } from 'vitest';
import {
  removed,
  type JsonEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { samplePack, sampleText } from '../../../src/protocol/contracts/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { describeMutations } from '../../support/mutations.ts';

const reportFile = 'runtime/examples/sample-identity-capability-arbitration-2026-02-22-sample.json';
const report = (edits: JsonEdits): PackEdits => ({ json: { [reportFile]: edits } });
const contract = (key: string, value: unknown): PackEdits => ({
  task: { [`/capability_arbitration_contract/${key}`]: value },
});
const allow = (path: string) => contract('safe_auto_patch_surface/allowlist/0', path);

/** The pack with metrics, and a report that says whether they ask for an upgrade. */
function measured(
  metrics: object,
  upgradeRequired: unknown,
  thresholds: JsonEdits = {},
): PackEdits {
  return {
    task: {
      '/route_quality_contract': { metrics_output_path: 'runtime/metrics/quality.json' },
      ...thresholds,
    },
    files: { 'runtime/metrics/quality.json': JSON.stringify(metrics) },
    ...report({ '/upgrade_required': upgradeRequired }),
  };
}
const good = { misroute_rate: 0, replay_success_rate: 100, first_pass_success_rate: 100 };

/** An older decision against an upgrade, and one for it now that the metrics ask for it. */
const laterDecision = ((): PackEdits => {
  const older = measured({ ...good, misroute_rate: 10 }, false);
  const decision = JSON.parse(sampleText(reportFile)) as object;
  const later = JSON.stringify({ ...decision, upgrade_required: true });
  return { ...older, files: { ...older.files, [reportFile.replace('22-sample', '23')]: later } };
})();

describeMutations('arbitration', [
  ['no order', contract('priority_order', removed), 'ARBITRATION_MISSING'],
  ['three aims', contract('priority_order/3', removed), 'ARBITRATION_VALUE'],
  [
    'no rule for a hotfix',
    contract('conflict_rules/learning_vs_hotfix', removed),
    'ARBITRATION_MISSING',
  ],
  [
    'a rule that is a text',
    contract('conflict_rules/judgement_vs_routing', 'judgement'),
    'ARBITRATION_TYPE',
  ],
  [
    'a rule for no case',
    contract('conflict_rules/judgement_vs_routing/when', []),
    'ARBITRATION_VALUE',
  ],
  [
    'a rule that decides nothing',
    contract('conflict_rules/judgement_vs_routing/decision', ''),
    'ARBITRATION_VALUE',
  ],
  [
    'a threshold of zero',
    contract('trigger_thresholds/misroute_rate_percent', 0),
    'ARBITRATION_VALUE',
  ],
  [
    'a threshold in words',
    contract('trigger_thresholds/misroute_rate_percent', 'low'),
    'ARBITRATION_TYPE',
  ],
  [
    'no threshold for replays',
    contract('trigger_thresholds/replay_failure_rate_percent', removed),
    'ARBITRATION_MISSING',
  ],
  [
    'records without inputs',
    contract('decision_record_required_fields/4', removed),
    'ARBITRATION_VALUE',
  ],
  [
    'a field that no record has',
    contract('decision_record_required_fields/9', 'witness'),
    'ARBITRATION_REPORT_MISSING',
  ],
  [
    'no path policy',
    contract('safe_auto_patch_surface/enforce_path_policy', false),
    'ARBITRATION_VALUE',
  ],
  ['nothing denied', contract('safe_auto_patch_surface/denylist', []), 'ARBITRATION_VALUE'],
  [
    'workflows not denied',
    contract('safe_auto_patch_surface/denylist/1', removed),
    'ARBITRATION_DENYLIST_GAP',
  ],
  [
    'some validators denied',
    contract('safe_auto_patch_surface/denylist/2', 'scripts/validate_a*'),
    'ARBITRATION_DENYLIST_GAP',
  ],
  ['everything allowed', allow('**'), 'ARBITRATION_ALLOWLIST_TOO_WIDE'],
  ['the task allowed', allow('CURRENT_TASK.json'), 'ARBITRATION_ALLOWLIST_TOO_WIDE'],
  [
    'the prompt allowed by a detour',
    allow('runtime/logs/../../IDENTITY_PROMPT.md'),
    'ARBITRATION_ALLOWLIST_TOO_WIDE',
  ],
  [
    'the logs of the protocol allowed',
    allow('identity/protocol/runtime/logs/*'),
    'ARBITRATION_ALLOWLIST_TOO_WIDE',
  ],
  [
    'the rulebooks of everybody allowed',
    allow('identity/*/RULEBOOK.jsonl'),
    'ARBITRATION_ALLOWLIST_TOO_WIDE',
  ],
  [
    'a pattern that leads nowhere',
    contract('sample_report_path_pattern', 'nowhere/*.json'),
    'ARBITRATION_UNRECORDED',
  ],
  [
    'a pattern that leads to prose',
    contract('sample_report_path_pattern', '*.md'),
    'ARBITRATION_VALUE',
  ],
  ['no record', { files: { [reportFile]: null } }, 'ARBITRATION_UNRECORDED'],
  ['a report that is null', { files: { [reportFile]: 'null' } }, 'ARBITRATION_REPORT_TYPE'],
  ['no records', report({ '/records': [] }), 'ARBITRATION_REPORT_VALUE'],
  ['a report of somebody else', report({ '/identity_id': 'other' }), 'ARBITRATION_ID_MISMATCH'],
  [
    'a record of somebody else',
    report({ '/records/0/identity_id': 'other' }),
    'ARBITRATION_ID_MISMATCH',
  ],
  [
    'a conflict of its own',
    report({ '/records/0/conflict_pair': 'me_vs_you' }),
    'ARBITRATION_REPORT_VALUE',
  ],
  ['no inputs', report({ '/records/0/inputs': {} }), 'ARBITRATION_REPORT_VALUE'],
  [
    'a decision at no time',
    report({ '/records/0/decided_at': 'soon' }),
    'ARBITRATION_REPORT_VALUE',
  ],
  [
    'a decision without an impact',
    report({ '/records/0/impact': removed }),
    'ARBITRATION_REPORT_MISSING',
  ],
  ['an upgrade perhaps', report({ '/upgrade_required': 'maybe' }), 'ARBITRATION_REPORT_TYPE'],
  ['an upgrade that no metric asks for', measured(good, true), 'ARBITRATION_UPGRADE_MISMATCH'],
  [
    'routes that miss, and no upgrade',
    measured({ ...good, misroute_rate: 10 }, false),
    'ARBITRATION_UPGRADE_MISMATCH',
  ],
  [
    'replays that fail, and no upgrade',
    measured({ ...good, replay_success_rate: 80 }, false),
    'ARBITRATION_UPGRADE_MISMATCH',
  ],
  [
    'a drop of first passes, and no upgrade',
    measured({ ...good, first_pass_success_rate: 80 }, false),
    'ARBITRATION_UPGRADE_MISMATCH',
  ],
]);

describe('arbitration', () => {
  test.each([
    ['no upgrade below all thresholds', measured({ ...good, misroute_rate: 9.9 }, false)],
    ['an upgrade at a threshold', measured({ ...good, misroute_rate: 10 }, true)],
    ['no word on an upgrade', measured({ ...good, misroute_rate: 10 }, undefined)],
    ['an upgrade that was not yet needed before', laterDecision],
    ['any word where there are no metrics', report({ '/upgrade_required': true })],
    ['the metrics of somebody else', measured({ ...good, identity_id: 'other' }, true)],
    ['a rulebook in the repository', allow('identity/packs/sample-identity/RULEBOOK.jsonl')],
    ['logs in the repository', allow('identity/runtime/logs/*')],
    [
      'records of others where the pattern leads to both',
      {
        ...contract('sample_report_path_pattern', 'runtime/examples/*capability-arbitration*.json'),
        files: {
          'runtime/examples/another-capability-arbitration-1.json': sampleText(
            reportFile,
          ).replaceAll('"sample-identity"', '"another"'),
        },
      },
    ],
  ] as [string, PackEdits][])('accepts %s', (_name, edits) => {
    expect(validatePack(samplePack(edits))).toEqual([]);
  });
});
