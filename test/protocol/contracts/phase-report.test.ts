import { describe, expect, test } from 'vitest';
import {
  removed,
  type JsonEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { samplePhaseReport } from '../../../src/protocol/contracts/samples/sample-phase-report.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { describeMutations } from '../../support/mutations.ts';

const place = 'runtime/reports/phase';
const at = `${place}/2026-02-22-p7.json`;
const report = (edits: JsonEdits = {}): PackEdits => ({
  files: { [at]: samplePhaseReport(edits) },
});
const phase = (id: string, dependsOn: string[], unblocks: string[] = []) =>
  samplePhaseReport({
    '/phase_meta/phase_id': id,
    '/dependency_graph': { depends_on: dependsOn, unblocks },
  });
const elsewhere = (block: unknown): PackEdits => ({
  task: { '/phase_report_contract': block },
  ...report(),
});

const keys = [
  'phase_meta',
  'objective',
  'invariants',
  'module_scope',
  'data_models',
  'flow',
  'guardrails',
  'tests',
  'acceptance',
  'rollback',
  'dependency_graph',
  'status',
];

describeMutations('phase-report', [
  ...keys.map((key): [string, PackEdits, string] => [
    `no ${key}`,
    report({ [`/${key}`]: removed }),
    'PHASE_REPORT_MISSING',
  ]),
  ['a thirteenth part', report({ '/notes': [] }), 'PHASE_REPORT_UNKNOWN'],
  ['a report that is a list', { files: { [at]: '[]' } }, 'PHASE_REPORT_TYPE'],
  ['phase 14', report({ '/phase_meta/phase_id': 'P14' }), 'PHASE_REPORT_VALUE'],
  [
    'a dependency on phase 0',
    report({ '/dependency_graph/depends_on/0': 'P0' }),
    'PHASE_REPORT_VALUE',
  ],
  ['a stage of its own', report({ '/status/stage': 'nearly' }), 'PHASE_REPORT_VALUE'],
  ['more than complete', report({ '/status/completion': 1.1 }), 'PHASE_REPORT_VALUE'],
  ['less than begun', report({ '/status/completion': -0.1 }), 'PHASE_REPORT_VALUE'],
  ['completion in percent', report({ '/status/completion': '50%' }), 'PHASE_REPORT_TYPE'],
  ['no gate', report({ '/guardrails/runtime_gate': [] }), 'PHASE_REPORT_VALUE'],
  [
    'a trace without trace ids',
    report({ '/guardrails/audit_trace/0': removed }),
    'PHASE_REPORT_VALUE',
  ],
  ['a flow without steps', report({ '/flow/steps': [] }), 'PHASE_REPORT_VALUE'],
  [
    'a number for a metric',
    report({ '/status/metrics': { latency: 3 } }),
    'PHASE_REPORT_METRIC_UNTRACED',
  ],
  [
    'a metric with no trace id in its list',
    report({ '/status/metrics': [{ metric: 'latency', trace_ids: [] }] }),
    'PHASE_REPORT_METRIC_UNTRACED',
  ],
  [
    'a metric among the criteria',
    report({ '/acceptance/1': { metric: 'latency', below: 3 } }),
    'PHASE_REPORT_METRIC_UNTRACED',
  ],
  [
    'a bypass, by its key',
    report({ '/flow/bypasses_runtime_gate': true }),
    'PHASE_REPORT_GATE_BYPASSED',
  ],
  [
    'a path past the gate, by its outcome',
    report({ '/tests/e2e/1': { path: 'direct', runtime_gate: 'bypassed' } }),
    'PHASE_REPORT_GATE_BYPASSED',
  ],
  [
    'a step past the gate, in words',
    report({ '/flow/steps/2': 'execute directly, bypassing the runtime gate' }),
    'PHASE_REPORT_GATE_BYPASSED',
  ],
  [
    'an access that succeeded, by its count',
    report({ '/status/cross_tenant_successes': 1 }),
    'PHASE_REPORT_CROSS_TENANT',
  ],
  [
    'an access that succeeded, by its outcome',
    report({ '/tests/e2e/1': { cross_tenant_access: { outcome: 'allowed' } } }),
    'PHASE_REPORT_CROSS_TENANT',
  ],
  [
    'an access that succeeded, in words',
    report({ '/acceptance/1': 'cross-tenant access succeeds for operators' }),
    'PHASE_REPORT_CROSS_TENANT',
  ],
  [
    'a phase that waits for itself',
    report({ '/dependency_graph/depends_on': ['P7'] }),
    'PHASE_REPORT_CYCLE',
  ],
  [
    'three phases in a circle',
    {
      files: {
        [`${place}/a.json`]: phase('P1', ['P3']),
        [`${place}/b.json`]: phase('P2', ['P1']),
        [`${place}/c.json`]: phase('P3', ['P2']),
      },
    },
    'PHASE_REPORT_CYCLE',
  ],
  ['no place', elsewhere({}), 'PHASE_REPORTS_MISSING'],
  ['a place that is a list', elsewhere({ report_path_pattern: [] }), 'PHASE_REPORTS_TYPE'],
  [
    'a place where too little is',
    elsewhere({ report_path_pattern: 'nowhere/*.json', minimum_reports_required: 1 }),
    'PHASE_REPORTS_TOO_FEW',
  ],
  [
    'a report rewritten after it was installed',
    { ...report(), base: { [at]: samplePhaseReport({ '/status/completion': 0.1 }) } },
    'PHASE_REPORT_REWRITTEN',
  ],
  [
    'a report removed after it was installed',
    { base: { [at]: samplePhaseReport() } },
    'PHASE_REPORT_REWRITTEN',
  ],
]);

describe('phase-report', () => {
  test.each<[string, PackEdits]>([
    ['no reports at all', {}],
    ['a report added after the installation', { ...report(), base: {} }],
    [
      'a newer report that takes a dependency back',
      {
        files: {
          [`${place}/1-p8.json`]: phase('P8', ['P7'], ['P7']),
          [`${place}/2-p8.json`]: phase('P8', ['P7']),
        },
      },
    ],
    [
      'metrics with their trace ids',
      report({
        '/status/metrics': { latency: { value: 3, trace_ids: ['t1'] } },
        '/acceptance/1': { metric: 'latency', below: 3, trace_id: 't1' },
      }),
    ],
    [
      'what is said of bypasses that fail',
      report({
        '/flow/steps/3': 'reject every attempt to bypass the runtime gate',
        '/flow/runtime_gate_bypasses': 0,
        '/flow/runtime_gate_bypass_attempts': 12,
        '/tests/e2e/1': 'bypass the runtime gate and expect a refusal',
        '/status/risks/1': 'a plugin may bypass the runtime gate',
      }),
    ],
    [
      'what is said of accesses that are denied',
      report({
        '/acceptance/1': 'no cross-tenant access is allowed',
        '/tests/e2e/1': { cross_tenant_access: 'denied' },
        '/status/cross_tenant_denied': 12,
        '/status/cross_tenant_access': 12,
        '/tests/cross_tenant_success_attempts': 12,
        '/tests/cross_tenant_checks': 'passed',
        '/status/cross_tenant_successes': 0,
      }),
    ],
  ])('accepts %s', (_name, edits) => {
    expect(validatePack(samplePack(edits))).toEqual([]);
  });
});
