import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// The rules of docs/protocol.md that a shipped pack must meet, written out here
// independently of the validators, so that each can be wrong without hiding it in the other.

type Json = Record<string, unknown>;

const releases = fileURLToPath(new URL('../starter/releases', import.meta.url));
const versions = ['v1.0.0', 'v1.1.0'];
const ids = ['code-reviewer', 'release-engineer'];
const shipped = versions.flatMap((version) => ids.map((id) => ({ version, id })));

const BLOCKS =
  'objective state_machine gates source_of_truth escalation_policy required_artifacts ' +
  'post_execution_mandatory evaluation_contract reasoning_loop_contract routing_contract ' +
  'rulebook_contract';
const CONTRACTS: Record<string, string> = {
  protocol_baseline_review_gate: 'protocol_review_contract',
  identity_update_gate: 'identity_update_lifecycle_contract trigger_regression_contract',
  collaboration_trigger_gate: 'blocker_taxonomy_contract collaboration_trigger_contract',
  experience_feedback_gate: 'experience_feedback_contract',
  install_safety_gate: 'install_safety_contract',
  install_provenance_gate: 'install_provenance_contract',
  arbitration_gate: 'capability_arbitration_contract',
  orchestration_gate: 'capability_orchestration_contract',
  knowledge_acquisition_gate: 'knowledge_acquisition_contract',
  ci_enforcement_gate: 'ci_enforcement_contract',
};
const BLOCKERS =
  'login_required captcha_required session_expired manual_verification_required'.split(' ');
const RULE_FIELDS = 'rule_id type trigger action evidence_run_id scope confidence updated_at';
const ROOT_KEYS = ['version', 'updated_at', 'default_identity', 'identities'];
const PRIORITIES = ['accurate_judgement', 'governance', 'latency', 'exploration'];
const DENIED = ['identity/protocol/*', '.github/workflows/*', 'scripts/validate_*'];
const SURFACES = 'CURRENT_TASK.json IDENTITY_PROMPT.md RULEBOOK.jsonl TASK_HISTORY.md';

describe.each(versions)('catalog of %s', (version) => {
  const catalog = parse(read(version, 'identity/catalog/identities.yaml')) as Json;
  const entries = catalog.identities as Json[];

  test('names the packs and a default', () => {
    expect(Object.keys(catalog)).toEqual(ROOT_KEYS);
    expect(entries.map(({ id }) => id)).toEqual(ids);
    expect(catalog.default_identity).toBe('code-reviewer');
  });

  test.each(ids)('%s has the required fields and agrees with its META.yaml', (id) => {
    const entry = entries.find((each) => each.id === id) ?? {};
    expect(entry).toMatchObject({ status: 'active', pack_path: `identity/packs/${id}` });
    const meta = parse(read(version, `identity/packs/${id}/META.yaml`)) as Json;
    const fields = ['id', 'title', 'description', 'status', 'methodology_version'];
    expect(Object.keys(meta)).toEqual(fields);
    for (const field of fields) expect(entry[field]).toBe(meta[field]);
    const agents = parse(read(version, `identity/packs/${id}/agents/identity.yaml`)) as Json;
    expect(entry).toMatchObject(agents);
  });
});

describe.each(shipped)('$id $version', ({ version, id }) => {
  const pack = `identity/packs/${id}`;
  const task = readJson(version, `${pack}/CURRENT_TASK.json`);
  const matching = (pattern: unknown): Json[] => {
    const path = String(pattern);
    const [head = '', tail = ''] = basename(path).split('*');
    return readdirSync(join(releases, version, pack, dirname(path)))
      .filter((name) => name.startsWith(head) && name.endsWith(tail))
      .map((name) => readJson(version, `${pack}/${dirname(path)}/${name}`));
  };
  const only = (pattern: unknown): Json => {
    const found = matching(pattern);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ sample: true, sample_note: expect.any(String) });
    return found[0] ?? {};
  };

  test('has the required files, blocks and the contract of every required gate', () => {
    for (const file of `${SURFACES} META.yaml`.split(' ')) {
      expect(read(version, `${pack}/${file}`).length, file).toBeGreaterThan(60);
    }
    const required = Object.entries(block(task, 'gates')).filter(
      ([, value]) => value === 'required',
    );
    const contracts = required.flatMap(([gate]) => CONTRACTS[gate]?.split(' ') ?? []);
    expect(contracts.length).toBeGreaterThanOrEqual(9);
    expect(Object.keys(task)).toEqual(expect.arrayContaining([...BLOCKS.split(' '), ...contracts]));
  });

  test('moves only between allowed states, and all of them can be reached', () => {
    const machine = block(task, 'state_machine');
    const states = machine.allowed_states as string[];
    const steps = (machine.transition_rules as string[]).map((rule) => rule.split(' -> '));
    expect(steps.flat().filter((state) => !states.includes(state))).toEqual([]);
    const targets = new Set([machine.current_state, ...steps.map(([, to]) => to)]);
    expect([...targets].sort()).toEqual([...states].sort());
  });

  test('judges, reasons and routes as the protocol says', () => {
    expect(task.evaluation_contract).toMatchObject({
      required_evidence_triplet: ['api_evidence', 'event_evidence', 'ui_evidence'],
      consistency_required: true,
    });
    const fields = block(task, 'reasoning_loop_contract').mandatory_fields_per_attempt as string[];
    expect(fields).toEqual(['attempt', 'hypothesis', 'patch', 'expected_effect', 'result']);
    const learning = block(task, 'learning_verification_contract');
    const run = only(learning.reasoning_trace_path_pattern);
    for (const attempt of run.reasoning_attempts as Json[]) {
      expect(Object.keys(attempt)).toEqual(expect.arrayContaining(fields));
    }
    const routing = block(task, 'routing_contract');
    const routes = routing.problem_type_routes as Record<string, string[]>;
    expect(routing.auto_route_enabled).toBe(true);
    expect(Object.values(routes).every((route) => route.length > 0)).toBe(true);
    expect(routes.capability_gap).toContain('identity-creator');
  });

  test('has a complete rulebook with both types and unique ids', () => {
    const contract = block(task, 'rulebook_contract');
    expect(contract).toMatchObject({ append_only: true, rulebook_path: 'RULEBOOK.jsonl' });
    expect(contract.required_fields).toEqual(RULE_FIELDS.split(' '));
    const rules = read(version, `${pack}/RULEBOOK.jsonl`).trimEnd().split('\n');
    const parsed = rules.map((line) => JSON.parse(line) as Record<string, string>);
    for (const rule of parsed) {
      expect(Object.keys(rule)).toEqual(RULE_FIELDS.split(' '));
      expect(Object.values(rule).every((value) => value.trim() !== '')).toBe(true);
    }
    expect(new Set(parsed.map(({ type }) => type))).toEqual(new Set(['negative', 'positive']));
    expect(new Set(parsed.map(({ rule_id }) => rule_id)).size).toBe(parsed.length);
  });

  test('was reviewed against every source, and replays with every check', () => {
    const review = block(task, 'protocol_review_contract');
    const report = only(review.evidence_report_path_pattern);
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining(review.required_evidence_fields as string[]),
    );
    expect(report.sources_reviewed).toEqual(review.must_review_sources);
    const update = block(task, 'identity_update_lifecycle_contract');
    const surfaces = block(update, 'patch_surface_contract').required_files;
    expect(surfaces).toEqual(SURFACES.split(' '));
    expect(only(block(update, 'replay_contract').evidence_path_pattern)).toMatchObject({
      identity_id: id,
      replay_status: 'PASS',
      patched_files: surfaces,
      validation_checks_passed: block(update, 'validation_contract').required_checks,
    });
  });

  test('has a trigger regression whose results and totals are computed right', () => {
    const contract = block(task, 'trigger_regression_contract');
    const report = only(contract.sample_report_path_pattern);
    const suites = (contract.required_suites as string[]).map((suite) => report[suite] as Json[]);
    expect(suites.map((suite) => suite.length > 0)).toEqual([true, true, true]);
    const cases = suites.flat();
    for (const each of cases) {
      const same =
        each.expected_route === each.observed_route &&
        each.expected_trigger === each.observed_trigger;
      expect(typeof each.expected_trigger).toBe('boolean');
      expect(each.result, String(each.case_id)).toBe(same ? 'PASS' : 'FAIL');
    }
    const fail = cases.filter(({ result }) => result === 'FAIL').length;
    expect(report.summary).toEqual({
      total_cases: cases.length,
      pass_cases: cases.length - fail,
      fail_cases: fail,
      overall_result: fail === 0 ? 'PASS' : 'FAIL',
    });
    const routes = block(block(task, 'routing_contract'), 'problem_type_routes');
    for (const { expected_route } of cases) {
      const [problem = '', target = ''] = String(expected_route).split(' -> ');
      expect(routes[problem], String(expected_route)).toContain(target);
    }
  });

  test('asks for a person at once and leaves a receipt', () => {
    const contract = block(task, 'collaboration_trigger_contract');
    expect(block(task, 'blocker_taxonomy_contract').required_blocker_types).toEqual(BLOCKERS);
    expect(contract).toMatchObject({
      trigger_conditions: BLOCKERS,
      notify_timing: 'immediate',
      state_change_bypass_dedupe: true,
      must_emit_receipt_in_chat: true,
    });
    const log = only(contract.evidence_log_path_pattern);
    expect(log).toMatchObject({ identity_id: id, task_id: task.task_id });
    expect(log).toMatchObject({ notify_channel: contract.notify_channel });
    expect(String(log.notified_at) >= String(log.detected_at)).toBe(true);
    const receipt = block(log, 'chat_receipt');
    expect(receipt).toMatchObject({ emitted: true, dedupe_key: log.dedupe_key });
    expect(Object.keys(receipt)).toEqual(
      expect.arrayContaining(contract.receipt_required_fields as string[]),
    );
  });

  test('keeps feedback redacted and arbitration inside its limits', () => {
    const feedback = only(block(task, 'experience_feedback_contract').feedback_log_path_pattern);
    expect(feedback).toMatchObject({ identity_id: id, task_id: task.task_id, redacted: true });
    expect(existsSync(join(releases, version, pack, String(feedback.decision_trace_ref)))).toBe(
      true,
    );
    const contract = block(task, 'capability_arbitration_contract');
    expect(contract.priority_order).toEqual(PRIORITIES);
    const surface = block(contract, 'safe_auto_patch_surface');
    expect(surface.denylist).toEqual(DENIED);
    const [record = {}] = only(contract.sample_report_path_pattern).records as Json[];
    const rules = block(contract, 'conflict_rules');
    expect(record).toMatchObject({ identity_id: id, task_id: task.task_id });
    expect(rules[String(record.conflict_pair)]).toMatchObject({ decision: record.decision });
    expect(Object.keys(record)).toEqual(contract.decision_record_required_fields);
  });

  test('keeps what exists on install, and ships no install report', () => {
    const safety = block(task, 'install_safety_contract');
    expect(Object.values(safety).filter((value) => value === true)).toHaveLength(7);
    expect(safety.on_conflict).toBe('abort_and_explain');
    expect(safety.same_signature_action).toBe('no_op_with_report');
    const provenance = block(task, 'install_provenance_contract');
    expect(provenance.operations_required).toEqual(['plan', 'dry-run', 'install', 'verify']);
    for (const pattern of [safety.install_report_path_pattern, provenance.report_path_pattern]) {
      expect(pattern).toMatch(/^runtime\/reports\/install\/[^/]*\*[^/]*\.json$/);
      expect(matching(pattern)).toEqual([]);
    }
  });
});

describe.each(ids)('%s from one release to the next', (id) => {
  test.each(['RULEBOOK.jsonl', 'TASK_HISTORY.md'])('%s only grew', (file) => {
    const [before = '', after = ''] = versions.map((v) => read(v, `identity/packs/${id}/${file}`));
    expect(after.startsWith(before)).toBe(true);
    expect(after.length).toBeGreaterThan(before.length);
  });
});

function read(version: string, path: string): string {
  return readFileSync(join(releases, version, path), 'utf8');
}

function readJson(version: string, path: string): Json {
  return JSON.parse(read(version, path)) as Json;
}

function block(parent: Json, name: string): Json {
  expect(parent[name], name).toBeTypeOf('object');
  return parent[name] as Json;
}
