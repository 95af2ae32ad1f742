import placeSchema from '../../../schemas/contracts/phase-report-place.schema.json' with { type: 'json' };
import schema from '../../../schemas/contracts/phase-report.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import { matchFiles } from '../documents/file-view.ts';
import { isMembers } from '../documents/members.ts';
import { checkedRecord } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isText, texts } from './checks/texts.ts';
import { nestedMembers, nestedTexts } from './checks/nested.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { samplePhaseReport } from './samples/sample-phase-report.ts';
import { innerBlock, type Block } from './subject/block.ts';
import { locate, locateJson } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';
import { taskBlock } from './subject/task.ts';

/** Where the reports are unless the pack's `phase_report_contract` names another place. */
const usualPattern = 'runtime/reports/phase/*.json';

const sampleFile = (edits?: Parameters<typeof samplePhaseReport>[0]) => ({
  'runtime/reports/phase/2026-02-22-p7.json': samplePhaseReport(edits),
});

/** The rules are in docs/protocol.md#phase-reports. */
export const phaseReport: Contract = {
  id: 'phase-report',
  title: 'Reports on the phases P1 to P13 are complete, traceable, and pass every gate.',
  *check(subject) {
    const block = taskBlock(subject, 'phase_report_contract');
    if (block !== undefined) yield* schemaFindings('PHASE_REPORTS', block, placeSchema);
    const ownPattern = block?.get('report_path_pattern');
    const pattern = isText(ownPattern) ? ownPattern : usualPattern;
    if (block !== undefined && pattern === ownPattern) yield* tooFew(subject, block, pattern);
    const reports: Block[] = [];
    for (const document of locateJson(subject, pattern)) {
      const report = yield* checkedRecord('PHASE_REPORT', document, schema);
      if (report === undefined) continue;
      reports.push(report);
      yield* untracedMetrics(report);
      yield* bypasses(report);
      yield* crossTenant(report);
    }
    yield* cycles(reports);
    yield* rewritten(subject, pattern);
  },
  samples: [
    { name: 'a report on a phase', files: sampleFile(), finds: null },
    {
      name: 'a report with a metric that can be traced',
      files: sampleFile({
        '/status/metrics': [{ name: 'denied accesses', value: 12, trace_ids: ['trace-1'] }],
      }),
      finds: null,
    },
    {
      name: 'a report elsewhere',
      task: { '/phase_report_contract': { report_path_pattern: 'runtime/phases/*.json' } },
      files: { 'runtime/phases/p7.json': samplePhaseReport() },
      finds: null,
    },
    {
      name: 'eleven parts',
      files: sampleFile({ '/rollback': removed }),
      finds: 'PHASE_REPORT_MISSING',
    },
    {
      name: 'a metric without trace ids',
      files: sampleFile({ '/status/metrics': [{ name: 'denied accesses', value: 12 }] }),
      finds: 'PHASE_REPORT_METRIC_UNTRACED',
    },
    {
      name: 'a way around the runtime gate',
      files: sampleFile({ '/flow/steps/3': { action: 'execute', runtime_gate: false } }),
      finds: 'PHASE_REPORT_GATE_BYPASSED',
    },
    {
      name: 'an access across tenants that succeeded',
      files: sampleFile({
        '/tests/e2e/1': { case: 'other tenant', cross_tenant_access: 'success' },
      }),
      finds: 'PHASE_REPORT_CROSS_TENANT',
    },
    {
      name: 'phases that wait for each other',
      files: sampleFile({ '/dependency_graph': { depends_on: ['P8'], unblocks: ['P8'] } }),
      finds: 'PHASE_REPORT_CYCLE',
    },
  ],
};

function* tooFew(subject: Subject, block: Block, pattern: string): Generator<Finding> {
  const least = block.get('minimum_reports_required');
  const found = locate(subject, pattern).length;
  if (typeof least === 'number' && found < least) {
    yield violation('PHASE_REPORTS_TOO_FEW', block.at('report_path_pattern'), found, least);
  }
}

/**
 * A metric is a value under a `metrics` key, as an item of a list or as a named member, or an
 * object with a `metric` member. It has `trace_ids` or a `trace_id`.
 */
function* untracedMetrics(report: Block): Generator<Finding> {
  for (const { keys, key, value } of nestedMembers(report.members)) {
    if (key === 'metrics' && typeof value === 'object' && value !== null) {
      for (const [name, metric] of Object.entries(value)) {
        if (!isTraced(metric)) {
          yield violation(
            'PHASE_REPORT_METRIC_UNTRACED',
            report.at(...keys, name),
            nameOf(metric, name),
          );
        }
      }
    }
    const holder = keys.slice(0, -1);
    if (key === 'metric' && !isWithinMetrics(holder)) {
      const around = innerBlock(report, ...holder);
      if (around !== undefined && !isTraced(around.members)) {
        yield violation('PHASE_REPORT_METRIC_UNTRACED', report.at(...holder), nameOf(value, key));
      }
    }
  }
}

/** Already found, as an item under `metrics`. */
function isWithinMetrics(holder: readonly string[]): boolean {
  return holder.at(-2) === 'metrics';
}

function isTraced(metric: unknown): boolean {
  if (!isMembers(metric)) return false;
  const { trace_ids: ids, trace_id: id } = metric;
  return isText(id) || texts(ids).length > 0;
}

function nameOf(metric: unknown, name: string): string {
  const own = isMembers(metric) ? (metric['name'] ?? metric['metric']) : metric;
  return isText(own) ? `"${own}"` : `"${name}"`;
}

/** Keys that say that a path avoids the gate, and those that say that it passes it. */
const avoidsGate = /(?:bypass|skip)\w*runtime_?gate|runtime_?gate\w*(?:bypass|skip)/;
const takesGate = /^(?:(?:via|through|uses|passes)_?)?runtime_?gate(?:_?(?:enforced|passed))?$/;
/** Keys whose value is the outcome of an access across tenants, and those that name a success. */
const tenantAccess = /^cross_?tenant(?:_?access(?:es)?)?$/;
const tenantSuccess = /cross_?tenant\w*(?:succe|allow|grant|permit)/;
/** Keys about what was tried, checked or denied, not about what happened. */
const defence = /attempt|test|check|den[iy]|reject|refus|block|prevent|forbid|detect|^no_/;

const avoidsGateInWords =
  /\b(?:bypass|skip|circumvent|avoid|without|around)\w*\b.{0,40}\bruntime[ _-]?gate/;

/** Words that negate or forbid what their sentence says. */
const negation =
  /\b(?:no|not|never|none|zero|(?<![\d.])0(?:\.0+)?(?![\d.])|cannot|can't|den(?:y|ies|ied)|reject\w*|refus\w*|block\w*|prevent\w*|forbid\w*|forbidden|fail\w*|invalid|detect\w*|assert\w*|guard\w*)\b/;

/**
 * Members at every depth, and the sentences of flow and acceptance: these describe what happens.
 * Elsewhere (risks, tests, invariants) words may describe what must not happen.
 */
function* bypasses(report: Block): Generator<Finding> {
  for (const { keys, key, value } of nestedMembers(report.members)) {
    const said = key.toLowerCase();
    const isBypass = avoidsGate.test(said)
      ? isYes(value) && !defence.test(said)
      : takesGate.test(said) && isNo(value);
    if (isBypass && keys.join('/') !== 'guardrails/runtime_gate') {
      yield violation('PHASE_REPORT_GATE_BYPASSED', report.at(...keys));
    }
  }
  for (const { keys, text } of sentences(report)) {
    if (avoidsGateInWords.test(text) && !negation.test(text)) {
      yield violation('PHASE_REPORT_GATE_BYPASSED', report.at(...keys));
    }
  }
}

function* crossTenant(report: Block): Generator<Finding> {
  for (const { keys, key, value } of nestedMembers(report.members)) {
    const said = key.toLowerCase();
    const outcome = isMembers(value) ? (value['outcome'] ?? value['result']) : value;
    const isSuccess = tenantAccess.test(said)
      ? typeof outcome !== 'number' && isYes(outcome)
      : tenantSuccess.test(said) && !defence.test(said) && isYes(value);
    if (isSuccess) yield violation('PHASE_REPORT_CROSS_TENANT', report.at(...keys));
  }
  for (const { keys, text } of sentences(report)) {
    if (!/cross[- _]?tenant/.test(text) || negation.test(text)) continue;
    if (/\b(?:succe\w+|allow\w*|grant\w*|permit\w*)\b/.test(text)) {
      yield violation('PHASE_REPORT_CROSS_TENANT', report.at(...keys));
    }
  }
}

function sentences(report: Block): { readonly keys: readonly string[]; readonly text: string }[] {
  return ['flow', 'acceptance'].flatMap((part) =>
    [...nestedTexts(report.get(part), [part])].map(({ keys, text }) => ({
      keys,
      text: text.toLowerCase(),
    })),
  );
}

function isYes(value: unknown): boolean {
  if (typeof value === 'string') {
    return /^(?:true|yes|success\w*|succeeded|allowed|granted|permitted)$/i.test(value);
  }
  return value === true || (typeof value === 'number' && value > 0);
}

function isNo(value: unknown): boolean {
  if (typeof value === 'string') {
    return /^(?:|false|no|none|off|disabled|bypass(?:ed)?|skip(?:ped)?)$/i.test(value);
  }
  return value === false || value === null || (Array.isArray(value) && value.length === 0);
}

interface Edge {
  readonly to: string;
  readonly report: Block;
}

/** Cycles among the newest reports of the phases; each is reported once, where it closes. */
function* cycles(reports: readonly Block[]): Generator<Finding> {
  const newest = new Map<string, Block>();
  for (const report of reports) {
    const phase = innerBlock(report, 'phase_meta')?.get('phase_id');
    if (typeof phase === 'string') newest.set(phase, report);
  }
  const edges = new Map<string, Edge[]>();
  const add = (from: string, edge: Edge) => edges.set(from, [...(edges.get(from) ?? []), edge]);
  for (const [phase, report] of newest) {
    const graph = innerBlock(report, 'dependency_graph');
    for (const to of new Set(texts(graph?.get('depends_on')))) add(phase, { to, report });
    for (const from of new Set(texts(graph?.get('unblocks')))) add(from, { to: phase, report });
  }
  const done = new Set<string>();
  const open: string[] = [];
  function* visit(phase: string): Generator<Finding> {
    open.push(phase);
    for (const { to, report } of edges.get(phase) ?? []) {
      const start = open.indexOf(to);
      if (start >= 0) {
        const cycle = [...open.slice(start), to].join(' after ');
        yield violation('PHASE_REPORT_CYCLE', report.at('dependency_graph'), cycle);
      } else if (!done.has(to)) yield* visit(to);
    }
    open.pop();
    done.add(phase);
  }
  for (const phase of edges.keys()) if (!done.has(phase)) yield* visit(phase);
}

/** Every report that came with the installed pack must still exist, byte for byte. */
function* rewritten({ base, pack, search }: Subject, pattern: string): Generator<Finding> {
  if (base === undefined || !isPlainPath(pattern)) return;
  for (const path of matchFiles(base, pattern, search)) {
    const before = base.read(path);
    const after = pack.read(path);
    if (before === undefined || (after !== undefined && isSame(before, after))) continue;
    yield violation('PHASE_REPORT_REWRITTEN', { path: pack.show(path) });
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
