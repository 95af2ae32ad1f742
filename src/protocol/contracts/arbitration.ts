import reportSchema from '../../../schemas/contracts/arbitration-report.schema.json' with { type: 'json' };
import schema from '../../../schemas/contracts/arbitration.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import type { Document } from '../documents/document.ts';
import { isMembers, member } from '../documents/members.ts';
import { fieldsMissing } from './checks/fields.ts';
import { checkedRecord } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isOtherText, isText, textItems, texts } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { innerBlock, type Block } from './subject/block.ts';
import { locate, locateJson } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';
import { taskBlock } from './subject/task.ts';

const sampleReport =
  'runtime/examples/sample-identity-capability-arbitration-2026-02-22-sample.json';

const metricsBlock = {
  required: true,
  metrics_output_path: 'runtime/metrics/sample-identity-route-quality.json',
};
const metricsFile = (replaySuccess: number) => ({
  [metricsBlock.metrics_output_path]: JSON.stringify({
    identity_id: 'sample-identity',
    misroute_rate: 0,
    replay_success_rate: replaySuccess,
    first_pass_success_rate: 100,
  }),
});

/** The rules are in docs/protocol.md#arbitration. */
export const arbitration: Contract = {
  id: 'arbitration',
  title:
    'Conflicting aims are decided in the protocol’s order, are recorded, and touch only safe surfaces.',
  *check(subject) {
    const contract = taskBlock(subject, 'capability_arbitration_contract');
    if (contract === undefined) return;
    yield* schemaFindings('ARBITRATION', contract, schema);
    const surface = innerBlock(contract, 'safe_auto_patch_surface');
    if (surface !== undefined) yield* surfaceFindings(surface);
    yield* reports(subject, contract);
  },
  samples: [
    {
      name: 'a wider denylist',
      task: {
        '/capability_arbitration_contract/safe_auto_patch_surface/denylist': [
          'identity/protocol/**',
          '.github/*',
          'scripts/*',
        ],
      },
      finds: null,
    },
    {
      name: 'an upgrade that the metrics ask for',
      task: { '/route_quality_contract': metricsBlock },
      json: { [sampleReport]: { '/upgrade_required': true } },
      files: metricsFile(50),
      finds: null,
    },
    {
      name: 'speed before judgement',
      task: {
        '/capability_arbitration_contract/priority_order': [
          'latency',
          'accurate_judgement',
          'governance',
          'exploration',
        ],
      },
      finds: 'ARBITRATION_VALUE',
    },
    {
      name: 'patches to the protocol',
      task: {
        '/capability_arbitration_contract/safe_auto_patch_surface/allowlist/4':
          'identity/protocol/*',
      },
      finds: 'ARBITRATION_ALLOWLIST_TOO_WIDE',
    },
    {
      name: 'a decision without a reason',
      json: { [sampleReport]: { '/records/0/rationale': removed } },
      finds: 'ARBITRATION_REPORT_MISSING',
    },
    {
      name: 'an upgrade that nothing asks for',
      task: { '/route_quality_contract': metricsBlock },
      json: { [sampleReport]: { '/upgrade_required': true } },
      files: metricsFile(100),
      finds: 'ARBITRATION_UPGRADE_MISMATCH',
    },
  ],
};

/** Law of the protocol: what a patch must not touch unasked. */
const protectedPaths = ['identity/protocol/*', '.github/workflows/*', 'scripts/validate_*'];

function* surfaceFindings(surface: Block): Generator<Finding> {
  const denied = texts(surface.get('denylist'));
  for (const path of denied.length > 0 ? protectedPaths : []) {
    if (!denied.some((entry) => covers(entry, path))) {
      yield violation('ARBITRATION_DENYLIST_GAP', surface.at('denylist'), path);
    }
  }
  for (const { index, text } of textItems(surface.get('allowlist'))) {
    if (isSafeSurface(text)) continue;
    yield violation('ARBITRATION_ALLOWLIST_TOO_WIDE', surface.at('allowlist', index), text);
  }
}

/** Whether everything that a pattern matches is matched by an entry: itself, or stars at its end. */
function covers(entry: string, pattern: string): boolean {
  const prefix = entry.replace(/\*+$/, '');
  if (prefix === entry) return entry === pattern;
  return !prefix.includes('*') && pattern.startsWith(prefix);
}

/** Rulebooks, task history and logs, wherever the pack is; stars reach no further than that. */
function isSafeSurface(path: string): boolean {
  if (!isPlainPath(path) || protectedPaths.some((law) => startsLike(path, law))) return false;
  const inner = /(?:^|\/)runtime\/(?:logs|rulebooks)(?:\/|$)/.exec(path);
  const file = /(?:^|\/)(?:RULEBOOK\.jsonl|TASK_HISTORY\.md)$/.exec(path);
  const fixed = inner ?? file;
  return fixed !== null && !/[*?[\]{}]/.test(path.slice(0, fixed.index));
}

function startsLike(path: string, pattern: string): boolean {
  return path.startsWith(pattern.replace('*', ''));
}

function* reports(subject: Subject, contract: Block): Generator<Finding> {
  const pattern = contract.get('sample_report_path_pattern');
  if (!isText(pattern)) return;
  if (locate(subject, pattern).length === 0) {
    const place = contract.at('sample_report_path_pattern');
    yield violation('ARBITRATION_UNRECORDED', place, pattern);
  }
  const found = locateJson(subject, pattern);
  // Older patterns do not name the identity, and match the decisions of others, too.
  const own = found.filter((document) => !isOtherText(idOf(document), subject.id));
  const read: Block[] = [];
  for (const document of own.length > 0 ? own : found.slice(-1)) {
    const report = yield* checkedRecord('ARBITRATION_REPORT', document, reportSchema);
    if (report === undefined) continue;
    read.push(report);
    yield* reportFindings(subject, contract, report);
  }
  yield* upgradeFindings(read, thresholdsReached(subject, contract));
}

/**
 * The metrics are those of today, so only the newest decision on an upgrade can be compared with
 * them. Releases have metrics without any decision, so one is not required.
 */
function* upgradeFindings(
  reports: readonly Block[],
  reached: readonly string[] | undefined,
): Generator<Finding> {
  const newest = reports.findLast((report) => report.get('upgrade_required') !== undefined);
  const required = newest?.get('upgrade_required');
  if (newest === undefined || reached === undefined || typeof required !== 'boolean') return;
  const wanted = reached.length > 0;
  if (required === wanted) return;
  const place = newest.at('upgrade_required');
  yield violation('ARBITRATION_UPGRADE_MISMATCH', place, wanted, reached.join(' and '));
}

function idOf(document: Document): unknown {
  return member(document.value, 'identity_id');
}

function* reportFindings(subject: Subject, contract: Block, report: Block): Generator<Finding> {
  const records = report.get('records');
  const count = Array.isArray(records) ? records.length : 0;
  const asked = contract.get('decision_record_required_fields');
  const parts = Array.from({ length: count }, (_, index) => innerBlock(report, 'records', index));
  for (const part of [report, ...parts]) {
    if (part === undefined) continue;
    const id = part.get('identity_id');
    if (isOtherText(id, subject.id)) {
      yield violation('ARBITRATION_ID_MISMATCH', part.at('identity_id'), id, subject.id);
    }
    if (part !== report) {
      const known = reportSchema.properties.records.items;
      yield* fieldsMissing('ARBITRATION_REPORT', part, asked, known);
    }
  }
}

/** Each threshold, and what it is compared with: a rate, or what a rate leaves to 100 percent. */
const signals = [
  ['misroute_rate_percent', 'misroute_rate', (rate: number) => rate],
  ['replay_failure_rate_percent', 'replay_success_rate', (rate: number) => 100 - rate],
  ['first_pass_success_drop_percent', 'first_pass_success_rate', (rate: number) => 100 - rate],
] as const;

/**
 * The thresholds that the pack's metrics reach; undefined without metrics of this identity. A rate
 * that equals its threshold reaches it, as in the reports of the protocol's own tools.
 */
function thresholdsReached(subject: Subject, contract: Block): readonly string[] | undefined {
  const quality = taskBlock(subject, 'route_quality_contract');
  const metrics = locateJson(subject, quality?.get('metrics_output_path'))
    .map(({ value }) => value)
    .filter(isMembers)
    .filter((members) => !isOtherText(members['identity_id'], subject.id))
    .at(-1);
  if (metrics === undefined) return undefined;
  const thresholds = contract.get('trigger_thresholds');
  return signals.flatMap(([key, metric, signalOf]) => {
    const threshold = member(thresholds, key);
    const rate = member(metrics, metric);
    if (typeof threshold !== 'number' || typeof rate !== 'number') return [];
    return signalOf(rate) >= threshold ? [key] : [];
  });
}
