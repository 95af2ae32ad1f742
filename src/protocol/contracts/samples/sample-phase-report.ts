import { jsonText } from '../../creator/text.ts';
import type { JsonEdits } from '../contract.ts';
import { editJson } from './json-edits.ts';

/** A valid report on a phase with changes, as text: the protocol’s own example, filled in. */
export function samplePhaseReport(edits: JsonEdits = {}): string {
  return jsonText(editJson(report, edits));
}

const report = {
  phase_meta: {
    phase_id: 'P7',
    title: 'Identity and Tenant Sovereignty',
    priority: 'highest',
    version: 'v1',
    owner: 'core',
  },
  objective: {
    problem: 'a session can be used for another tenant',
    outcome: 'every execution is bound to one tenant',
  },
  invariants: ['an access to another tenant is denied', 'leases are checked at every execution'],
  module_scope: {
    write_modules: ['src/security', 'src/runtime'],
    read_modules: ['src/session'],
    external_surfaces: ['CLI'],
  },
  data_models: [
    { name: 'SessionLease', kind: 'table', keys: ['session_id', 'tenant_id'], append_only: true },
  ],
  flow: {
    trigger: 'a request is authenticated',
    steps: ['bind tenant, principal, policy and lease', 'pass the runtime gate', 'execute'],
    exit_conditions: ['the request is answered or denied'],
  },
  guardrails: {
    runtime_gate: ['budget', 'timeout', 'sandbox', 'token'],
    policy_gate: ['approval', 'permission', 'tenant boundary'],
    audit_trace: ['trace_id', 'session_id', 'task_id', 'capability_id', 'version'],
  },
  tests: {
    unit: ['an expired lease is refused'],
    integration: ['the gate is passed by every path'],
    e2e: ['a request for another tenant is denied'],
  },
  acceptance: ['0 of 1000 cross-tenant requests succeed'],
  rollback: {
    trigger: 'more than 1 in 1000 valid requests is denied',
    action: 'switch the check to observation',
    target_version: 'v1',
  },
  dependency_graph: { depends_on: ['P6'], unblocks: ['P8', 'P9'] },
  status: {
    stage: 'in_progress',
    completion: 0.5,
    risks: ['clocks of two machines differ'],
    next_actions: ['shadow the check for a week'],
  },
};
