import { describe, expect, it } from 'vitest';
import {
  installReport,
  isAcceptedPair,
  reportOutcome,
  type InstallReportInput,
} from '../../src/protocol/install-report.ts';

const input: InstallReportInput = {
  reportId: 'identity-install-writer-z-20261120-235959-3f9a1c-install',
  identityId: 'writer',
  generatedAt: new Date('2026-11-20T23:59:59.987Z'),
  operation: 'install',
  outcome: { conflictType: 'fresh_install', action: 'guarded_apply' },
  preservedPaths: ['a'],
  changedFiles: ['b'],
  dryRun: false,
  command: 'identity-install writer',
  entrypoint: 'identity-install',
  sourcePack: 'identity/packs/writer',
  targetPack: 'instances/writer',
  sourceSignature: 's',
  targetSignatureBefore: null,
  protocolRef: 'v1.0.0',
  protocolCommit: 'c',
  protocolRoot: 'https://example.org/p.git',
  identityHome: '/h',
  catalogPath: '/h/catalog.local.yaml',
  resolvedScope: 'user',
  resolvedPackPath: '/h/instances/writer',
};

describe('reportOutcome', () => {
  it.each([
    [0, 0, 0, 'same_signature', 'no_op_with_report'],
    [3, 0, 0, 'fresh_install', 'guarded_apply'],
    [0, 0, 2, 'compatible_upgrade', 'abort_and_explain'],
    [3, 0, 2, 'compatible_upgrade', 'abort_and_explain'],
    [0, 1, 0, 'destructive_replace', 'guarded_apply'],
    [3, 1, 2, 'destructive_replace', 'guarded_apply'],
  ])(
    '%i added, %i changed, %i kept: %s',
    (added, changedOrRemoved, keptDiffering, conflictType, action) => {
      expect(reportOutcome({ added, changedOrRemoved, keptDiffering })).toEqual({
        conflictType,
        action,
      });
    },
  );
});

describe('installReport', () => {
  it('has the fields that the protocol reads', () => {
    expect(installReport({ ...input, more: { files: 1, identity_id: 'never' } })).toEqual({
      files: 1,
      report_id: input.reportId,
      identity_id: 'writer',
      generated_at: '2026-11-20T23:59:59Z',
      operation: 'install',
      conflict_type: 'fresh_install',
      action: 'guarded_apply',
      source_pack: 'identity/packs/writer',
      target_pack: 'instances/writer',
      source_signature: 's',
      target_signature_before: null,
      preserved_paths: ['a'],
      dry_run: false,
      changed_files: ['b'],
      protocol_ref: 'v1.0.0',
      protocol_commit_sha: 'c',
      protocol_root: 'https://example.org/p.git',
      identity_home: '/h',
      catalog_path: '/h/catalog.local.yaml',
      resolved_scope: 'user',
      resolved_pack_path: '/h/instances/writer',
      installer_invocation: {
        tool: 'identity-installer',
        entrypoint: 'identity-install',
        command: 'identity-install writer',
      },
    });
  });

  it('names backup and rollback of a replacement, and cannot be made without', () => {
    const replaced = {
      ...input,
      outcome: reportOutcome({ added: 0, changedOrRemoved: 1, keptDiffering: 0 }),
    };
    expect(installReport({ ...replaced, backupRef: 'b', rollbackRef: 'r' })).toMatchObject({
      backup_ref: 'b',
      rollback_ref: 'r',
    });
    expect(() => installReport({ ...replaced, backupRef: 'b' })).toThrow(
      expect.objectContaining({ code: 'E_BUG' }),
    );
  });

  it('refuses a pair that the checkers reject', () => {
    const outcome = { conflictType: 'same_signature', action: 'guarded_apply' } as const;
    expect(() => installReport({ ...input, outcome })).toThrow(
      expect.objectContaining({ code: 'E_BUG' }),
    );
  });
});

describe('isAcceptedPair', () => {
  it.each([
    ['fresh_install', 'guarded_apply'],
    ['same_signature', 'no_op_with_report'],
    ['compatible_upgrade', 'abort_and_explain'],
    ['destructive_replace', 'guarded_apply'],
  ])('takes %s with %s, and with nothing else', (conflictType, action) => {
    expect(isAcceptedPair(conflictType, action)).toBe(true);
    const others = ['guarded_apply', 'no_op_with_report', 'abort_and_explain', 'verified'];
    for (const other of others.filter((word) => word !== action)) {
      expect(isAcceptedPair(conflictType, other)).toBe(false);
    }
  });

  it('knows no other conflicts', () => {
    expect(isAcceptedPair('constructor', 'guarded_apply')).toBe(false);
  });
});
