import provenanceSchema from '../../../schemas/contracts/install-provenance.schema.json' with { type: 'json' };
import reportSchema from '../../../schemas/contracts/install-report.schema.json' with { type: 'json' };
import safetySchema from '../../../schemas/contracts/install-safety.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import type { Document } from '../documents/document.ts';
import { isAcceptedPair, type ReportOperation } from '../install-report.ts';
import { timeOf } from './checks/age.ts';
import { fieldsMissing } from './checks/fields.ts';
import { checkedRecord } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isOtherText, isText } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { documentBlock, innerBlock, type Block } from './subject/block.ts';
import { locate, locateJson } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';
import { isGated, taskBlock } from './subject/task.ts';

/**
 * The operations that provenance wants reports of for every installation
 * (docs/protocol.md#where-reports-belong), and how old those may be.
 */
const operations: readonly ReportOperation[] = ['plan', 'dry-run', 'install', 'verify'];
const provenanceAge = 24 * 60 * 60 * 1000;

const sampleReport =
  'runtime/reports/install/install-report-2026-02-22-sample-sample-identity.json';

/**
 * docs/protocol.md#install-safety: the rules for installers, the newest report, and the reports
 * that `install_provenance_contract` requires when its gate is required.
 */
export const installSafety: Contract = {
  id: 'install-safety',
  title: 'Installing loses nothing, replacing needs a backup, and reports show both.',
  *check(subject) {
    const seen = new Set<string>();
    const safety = taskBlock(subject, 'install_safety_contract');
    if (safety !== undefined) {
      yield* schemaFindings('INSTALL_SAFETY', safety, safetySchema);
      yield* newestReport(subject, safety, seen);
    }
    const provenance = taskBlock(subject, 'install_provenance_contract');
    if (provenance === undefined) return;
    yield* schemaFindings('INSTALL_PROVENANCE', provenance, provenanceSchema);
    const gated = isGated(subject, 'install_provenance_gate');
    if (gated && !subject.incoming) yield* trail(subject, provenance, seen);
  },
  samples: [
    {
      name: 'a replacement with a backup and a way back',
      json: {
        [sampleReport]: {
          '/operation': 'install',
          '/conflict_type': 'destructive_replace',
          '/backup_ref': 'snapshots/1',
          '/rollback_ref': 'identity-rollback sample-identity',
        },
      },
      finds: null,
    },
    {
      name: 'a report from before provenance was required',
      json: { [sampleReport]: { '/operation': 'reinstall', '/installer_invocation': removed } },
      finds: null,
    },
    {
      name: 'overwriting as the default',
      task: { '/install_safety_contract/preserve_existing_default': false },
      finds: 'INSTALL_SAFETY_VALUE',
    },
    {
      name: 'a replacement without a backup',
      json: { [sampleReport]: { '/conflict_type': 'destructive_replace' } },
      finds: 'INSTALL_REPORT_WITHOUT_BACKUP',
    },
    {
      name: 'a conflict that was applied nevertheless',
      json: { [sampleReport]: { '/conflict_type': 'compatible_upgrade' } },
      finds: 'INSTALL_REPORT_PAIR',
    },
    {
      name: 'no report, before it can have been installed',
      files: { [sampleReport]: null },
      incoming: true,
      finds: null,
    },
    {
      name: 'no report',
      files: { [sampleReport]: null },
      finds: 'INSTALL_UNREPORTED',
    },
  ],
};

function* newestReport(subject: Subject, safety: Block, seen: Set<string>): Generator<Finding> {
  const pattern = safety.get('install_report_path_pattern');
  if (!isText(pattern)) return;
  if (!subject.incoming && locate(subject, pattern).length === 0) {
    yield violation('INSTALL_UNREPORTED', safety.at('install_report_path_pattern'), pattern);
  }
  const newest = locateJson(subject, pattern).at(-1);
  if (newest !== undefined) yield* reportFindings(subject, newest, seen);
}

function* reportFindings(
  subject: Subject,
  document: Document,
  seen: Set<string>,
): Generator<Finding> {
  if (seen.has(document.path)) return;
  seen.add(document.path);
  const report = yield* checkedRecord('INSTALL_REPORT', document, reportSchema);
  if (report === undefined) return;
  const id = report.get('identity_id');
  if (isOtherText(id, subject.id)) {
    yield violation('INSTALL_REPORT_ID_MISMATCH', report.at('identity_id'), id, subject.id);
  }
  const conflict = report.get('conflict_type');
  const action = report.get('action');
  const { conflict_type: conflicts, action: actions } = reportSchema.properties;
  if (isOneOf(conflicts.enum, conflict) && isOneOf(actions.enum, action)) {
    if (!isAcceptedPair(conflict, action)) {
      yield violation('INSTALL_REPORT_PAIR', report.at('action'), conflict, action);
    }
  }
  if (conflict !== 'destructive_replace') return;
  for (const key of ['backup_ref', 'rollback_ref']) {
    const reference = report.get(key) ?? '';
    if (typeof reference === 'string' && reference.trim() === '') {
      yield violation('INSTALL_REPORT_WITHOUT_BACKUP', report.at(key), key);
    }
  }
}

function isOneOf(words: readonly string[], value: unknown): value is string {
  return typeof value === 'string' && words.includes(value);
}

/** The newest report of each operation must be there, be complete, and be of the last day. */
function* trail(subject: Subject, provenance: Block, seen: Set<string>): Generator<Finding> {
  const pattern = provenance.get('report_path_pattern');
  if (!isText(pattern)) return;
  const place = provenance.at('report_path_pattern');
  const found = locateJson(subject, pattern);
  // A file that cannot be parsed might be the missing report; another contract reports it.
  const allRead = found.length === locate(subject, pattern).length;
  for (const operation of operations) {
    const newest = newestOf(found, operation);
    if (newest === undefined) {
      if (allRead) yield violation('INSTALL_PROVENANCE_OPERATION_MISSING', place, operation);
      continue;
    }
    yield* reportFindings(subject, newest.document, seen);
    const fields = provenance.get('required_report_fields');
    yield* fieldsMissing('INSTALL_REPORT', newest, fields, {
      required: [...reportSchema.required, 'installer_invocation'],
    });
    const invocation = innerBlock(newest, 'installer_invocation');
    if (invocation !== undefined) {
      const asked = provenance.get('required_invocation_fields');
      const { installer_invocation: known } = reportSchema.properties;
      yield* fieldsMissing('INSTALL_REPORT', invocation, asked, known);
    }
    const time = timeOf(newest.get('generated_at'));
    const { now } = subject;
    if (now !== undefined && time !== undefined && Math.abs(now.getTime() - time) > provenanceAge) {
      yield violation('INSTALL_PROVENANCE_STALE', newest.at('generated_at'), operation);
    }
  }
}

function newestOf(documents: readonly Document[], operation: string): Block | undefined {
  const age = (report: Block): number => timeOf(report.get('generated_at')) ?? -Infinity;
  return documents
    .map(documentBlock)
    .filter((report) => report?.get('operation') === operation)
    .filter((report) => report !== undefined)
    .reduce<Block | undefined>(
      (newest, report) => (newest !== undefined && age(newest) > age(report) ? newest : report),
      undefined,
    );
}
