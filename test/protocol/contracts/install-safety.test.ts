import { describe, expect, test } from 'vitest';
import {
  removed,
  type JsonEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { installReport, reportOutcome } from '../../../src/protocol/install-report.ts';
import { describeMutations } from '../../support/mutations.ts';

const reportFile = 'runtime/reports/install/install-report-2026-02-22-sample-sample-identity.json';
const report = (edits: JsonEdits): PackEdits => ({ json: { [reportFile]: edits } });
const safety = (key: string, value: unknown): PackEdits => ({
  task: { [`/install_safety_contract/${key}`]: value },
});

/** A report as our installer writes it. */
function written(
  operation: 'plan' | 'dry-run' | 'install' | 'verify',
  changes: Record<string, unknown> = {},
): string {
  const text = installReport({
    reportId: `report-${operation}`,
    identityId: 'sample-identity',
    generatedAt: new Date('2026-02-22T11:00:00Z'),
    operation,
    outcome: reportOutcome({
      added: operation === 'verify' ? 0 : 1,
      changedOrRemoved: 0,
      keptDiffering: 0,
    }),
    preservedPaths: [],
    changedFiles: [],
    dryRun: operation !== 'install',
    command: 'identity-install sample-identity',
    entrypoint: 'identity-install',
    sourcePack: 'identity/packs/sample-identity',
    targetPack: 'instances/sample-identity',
    sourceSignature: 'a',
    targetSignatureBefore: null,
    protocolRef: 'v1.0.0',
    protocolCommit: 'b',
    protocolRoot: 'r',
    identityHome: 'h',
    catalogPath: 'c',
    resolvedScope: 'user',
    resolvedPackPath: 'p',
  });
  return JSON.stringify({ ...text, ...changes });
}

const at = (operation: string) => `runtime/reports/install/provenance-${operation}.json`;
const allWritten = {
  [at('plan')]: written('plan'),
  [at('dry-run')]: written('dry-run'),
  [at('install')]: written('install'),
  [at('verify')]: written('verify'),
};

/** The pack with a required provenance, and what its reports are. */
function gated(
  files: Readonly<Record<string, string>> = allWritten,
  block: Readonly<Record<string, unknown>> = {},
): PackEdits {
  return {
    task: {
      '/gates/install_provenance_gate': 'required',
      '/install_provenance_contract': {
        required: true,
        report_path_pattern: 'runtime/reports/install/provenance-*.json',
        ...block,
      },
    },
    files,
  };
}

describeMutations('install-safety', [
  ['not required', safety('required', false), 'INSTALL_SAFETY_VALUE'],
  [
    'no word on what exists',
    safety('preserve_existing_default', removed),
    'INSTALL_SAFETY_MISSING',
  ],
  ['a conflict overwritten', safety('on_conflict', 'overwrite'), 'INSTALL_SAFETY_VALUE'],
  ['no second installation', safety('idempotent_reinstall_allowed', 'yes'), 'INSTALL_SAFETY_VALUE'],
  ['the same written again', safety('same_signature_action', 'apply'), 'INSTALL_SAFETY_VALUE'],
  [
    'a replacement without a backup allowed',
    safety('allow_replace_only_with_backup', false),
    'INSTALL_SAFETY_VALUE',
  ],
  ['no dry run', safety('dry_run_required', null), 'INSTALL_SAFETY_VALUE'],
  ['a pattern that is a list', safety('install_report_path_pattern', []), 'INSTALL_SAFETY_TYPE'],
  [
    'a pattern that leads nowhere',
    safety('install_report_path_pattern', 'runtime/nowhere/*.json'),
    'INSTALL_UNREPORTED',
  ],
  [
    'a pattern that leads to prose',
    safety('install_report_path_pattern', '*.md'),
    'INSTALL_SAFETY_VALUE',
  ],
  ['no report', { files: { [reportFile]: null } }, 'INSTALL_UNREPORTED'],
  ['a report that is a text', { files: { [reportFile]: '"done"' } }, 'INSTALL_REPORT_TYPE'],
  ['a report without an id', report({ '/report_id': removed }), 'INSTALL_REPORT_MISSING'],
  ['a report of somebody else', report({ '/identity_id': 'other' }), 'INSTALL_REPORT_ID_MISMATCH'],
  [
    'a time that is not UTC',
    report({ '/generated_at': '2026-02-22T12:00:00+01:00' }),
    'INSTALL_REPORT_VALUE',
  ],
  ['an unknown operation', report({ '/operation': 'hope' }), 'INSTALL_REPORT_VALUE'],
  ['an unknown conflict', report({ '/conflict_type': 'war' }), 'INSTALL_REPORT_VALUE'],
  ['the action of older checkers', report({ '/action': 'verified' }), 'INSTALL_REPORT_VALUE'],
  ['a pair that does not go', report({ '/action': 'no_op_with_report' }), 'INSTALL_REPORT_PAIR'],
  ['nothing on what was kept', report({ '/preserved_paths': removed }), 'INSTALL_REPORT_MISSING'],
  ['paths in a text', report({ '/preserved_paths': 'all' }), 'INSTALL_REPORT_TYPE'],
  ['nobody who did it', report({ '/installer_invocation': removed }), 'INSTALL_REPORT_MISSING'],
  ['another installer', report({ '/installer_invocation/tool': 'cp' }), 'INSTALL_REPORT_VALUE'],
  [
    'a replacement with an empty backup',
    report({ '/conflict_type': 'destructive_replace', '/backup_ref': ' ', '/rollback_ref': 'r' }),
    'INSTALL_REPORT_WITHOUT_BACKUP',
  ],
  [
    'a replacement that cannot be undone',
    report({ '/conflict_type': 'destructive_replace', '/backup_ref': 'b', '/rollback_ref': null }),
    'INSTALL_REPORT_WITHOUT_BACKUP',
  ],
  [
    'a newer report, of somebody else',
    { files: { [reportFile.replace('02-22', '02-23')]: written('install', { identity_id: 'x' }) } },
    'INSTALL_REPORT_ID_MISMATCH',
  ],
  ['no place for provenance', gated({}, { report_path_pattern: 1 }), 'INSTALL_PROVENANCE_TYPE'],
  [
    'an operation that provenance leaves out',
    gated(allWritten, { operations_required: ['plan', 'install', 'verify'] }),
    'INSTALL_PROVENANCE_VALUE',
  ],
  [
    'an installation without a plan',
    gated({
      [at('dry-run')]: written('dry-run'),
      [at('install')]: written('install'),
      [at('verify')]: written('verify'),
    }),
    'INSTALL_PROVENANCE_OPERATION_MISSING',
  ],
  [
    'a verification of the day before yesterday',
    gated({
      ...allWritten,
      [at('verify')]: written('verify', { generated_at: '2026-02-21T11:59:59Z' }),
    }),
    'INSTALL_PROVENANCE_STALE',
  ],
  [
    'a verification by another name',
    gated({ ...allWritten, [at('verify')]: written('verify', { action: 'verified' }) }),
    'INSTALL_REPORT_VALUE',
  ],
  [
    'a field that provenance asks for and no report has',
    gated(allWritten, {
      required_report_fields: [
        'report_id',
        'identity_id',
        'generated_at',
        'operation',
        'conflict_type',
        'action',
        'preserved_paths',
        'installer_invocation',
        'signed_by',
      ],
    }),
    'INSTALL_REPORT_MISSING',
  ],
]);

describe('install-safety', () => {
  test('accepts what our installer writes', () => {
    expect(validatePack(samplePack(gated()))).toEqual([]);
    const newest = reportFile.replace('02-22', '02-23');
    const replaced = {
      conflict_type: 'destructive_replace',
      backup_ref: 'b',
      rollback_ref: 'r',
    };
    expect(validatePack(samplePack({ files: { [newest]: written('install', replaced) } }))).toEqual(
      [],
    );
  });

  test('asks for provenance only where its gate is required', () => {
    const { task, ...rest } = gated({});
    const optional = { ...task, '/gates/install_provenance_gate': 'optional' };
    expect(validatePack(samplePack({ task: optional, ...rest }))).toEqual([]);
  });

  test('takes the newest report of each operation by its time, not by its name', () => {
    const old = written('verify', { generated_at: '2025-01-01T00:00:00Z' });
    const files = { ...allWritten, [at('verify-zzz')]: old };
    expect(validatePack(samplePack(gated(files)))).toEqual([]);
  });

  test('leaves a report that cannot be parsed to pack-files', () => {
    const files = { ...allWritten, [at('plan')]: '{' };
    const found = validatePack(samplePack(gated(files))).map(({ contract }) => contract);
    expect(found).toEqual(['pack-files']);
  });
});
