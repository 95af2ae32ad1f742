import { describe, expect, test } from 'vitest';
import type { ContractId, PackEdits } from '../../../src/protocol/contracts/contract.ts';
import { contracts } from '../../../src/protocol/contracts/registry.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { samplePhaseReport } from '../../../src/protocol/contracts/samples/sample-phase-report.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { nestedMembers } from '../../../src/protocol/contracts/checks/nested.ts';
import { pointerTo } from '../../../src/protocol/documents/pointer.ts';

/** Whatever JSON can hold, where something else is expected. */
const strangers: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'constructor',
  '../../..',
  '*/*/*[',
  '\ud800',
  [],
  [[], {}, null, 0, ''],
  {},
  { length: 3, then: 1, constructor: null, toString: 0 },
  { metrics: null, metric: [], cross_tenant: {}, runtime_gate: { runtime_gate: [] } },
];

const documents = [
  'runtime/logs/collaboration/sample-identity-2026-02-22-sample.json',
  'runtime/logs/feedback/sample-identity-feedback-2026-02-22-sample.json',
  'runtime/examples/sample-identity-capability-arbitration-2026-02-22-sample.json',
  'runtime/reports/install/install-report-2026-02-22-sample-sample-identity.json',
];

/** The blocks that few packs have, so that every member of every block is met. */
const more = {
  '/gates/install_provenance_gate': 'required',
  '/install_provenance_contract': {
    required: true,
    report_path_pattern: 'runtime/reports/install/*.json',
    required_report_fields: ['report_id'],
  },
  '/capability_orchestration_contract': {
    task_type_routes: { a: { required_mcp: ['git'], required_tools: ['.'] } },
  },
  '/phase_report_contract': { report_path_pattern: 'runtime/reports/phase/*.json' },
  '/route_quality_contract': { metrics_output_path: 'runtime/metrics/m.json' },
};
const files = {
  'runtime/reports/phase/p7.json': samplePhaseReport(),
  'runtime/metrics/m.json': '{"misroute_rate": 1}',
};

const checked = new Set<ContractId>(contracts.map(({ id }) => id));

function survives(edits: PackEdits): void {
  for (const { contract, message } of validatePack(samplePack(edits))) {
    expect(checked.has(contract)).toBe(true);
    expect(message).toMatch(/\.$/);
  }
}

/** Each member meets other ones, so that together the members meet all. */
function strangersFor(index: number, many: number): unknown[] {
  return Array.from(
    { length: many },
    (_, step) => strangers[(index + 7 * step) % strangers.length],
  );
}

/** The pointer of every member of a document, lists included. */
function pointers(value: unknown): string[] {
  return [...nestedMembers(value)].map(({ keys }) => pointerTo(keys));
}

describe('whatever stands in place of a member is a finding, never an exception', () => {
  const task = samplePack({ task: more }).task?.value;

  test('in CURRENT_TASK.json', () => {
    const all = pointers(task);
    expect(all.length).toBeGreaterThan(150);
    for (const [index, pointer] of all.entries()) {
      for (const stranger of strangersFor(index, 1)) {
        survives({ task: { ...more, [pointer]: stranger }, files });
      }
    }
  });

  test.each(documents)('in %s', (path) => {
    const value: unknown = JSON.parse(new TextDecoder().decode(samplePack().pack.read(path)));
    for (const stranger of strangers) {
      survives({ task: more, files: { ...files, [path]: JSON.stringify(stranger) } });
    }
    for (const [index, pointer] of pointers(value).entries()) {
      for (const stranger of strangersFor(index, 3)) {
        survives({ task: more, files, json: { [path]: { [pointer]: stranger } } });
      }
    }
  });

  test('in a phase report', () => {
    const path = 'runtime/reports/phase/p7.json';
    for (const stranger of strangers) survives({ files: { [path]: JSON.stringify(stranger) } });
    for (const [index, pointer] of pointers(JSON.parse(samplePhaseReport())).entries()) {
      for (const stranger of strangersFor(index, 3)) {
        survives({ files: { [path]: samplePhaseReport({ [pointer]: stranger }) } });
      }
    }
  });

  test('in the catalog', () => {
    for (const stranger of strangers) {
      for (const pointer of [
        '/identities',
        '/identities/0',
        '/identities/0/capability_bindings',
        '/identities/0/capability_bindings/mcp',
        '/identities/0/dependencies',
        '/identities/0/dependencies/tools',
        '/identities/0/dependencies/tools/0',
      ]) {
        survives({ task: more, files, catalog: { [pointer]: stranger } });
      }
    }
  });
});
