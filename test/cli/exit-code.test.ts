import { describe, expect, it } from 'vitest';
import {
  installExitCode,
  rollbackExitCode,
  verifyExitCode,
  verifyHomeExitCode,
} from '../../src/cli/exit-code.ts';
import type { FileAction, Plan } from '../../src/planning/plan.ts';
import type { RollbackAction } from '../../src/operations/rollback/plan.ts';
import type { VerifyRun } from '../../src/inspection/verify/verify.ts';
import { problem } from '../../src/inspection/verify/problem.ts';
import { homeVerification, verification } from '../support/verify-samples.ts';
import { add, asked, keep, plan, ref, release, run } from '../support/install-samples.ts';

describe('the exit code of an install', () => {
  const conflict = keep('a', 'conflict', { conflict: 'both-changed' });
  const register: Partial<Plan> = { catalog: [{ kind: 'register', before: null, after: 'x' }] };
  const cases: [line: string, actions: FileAction[], more: Partial<Plan>, code: number][] = [
    ['', [], {}, 0],
    ['', [add('a')], {}, 0],
    ['', [keep('a', 'modified-locally'), keep('b', 'no-base')], {}, 0],
    ['', [conflict], {}, 1],
    ['--merge', [conflict], {}, 1],
    ['--merge', [keep('a', 'no-base')], {}, 1],
    ['--merge', [keep('a', 'modified-locally')], {}, 0],
    ['--merge --plan', [conflict], {}, 1],
    ['--replace --backup', [keep('a', 'state')], {}, 0],
    ['--plan', [add('a')], {}, 0],
    ['--check', [keep('a', 'upgrade-available')], {}, 0],
    ['--check', [add('a')], {}, 1],
    ['--check', [keep('a', 'unchanged')], register, 1],
    ['', [keep('a', 'unchanged')], register, 0],
  ];
  it.each(cases)('%s %#', (line, actions, more, code) => {
    expect(installExitCode(run({ plan: plan(actions, more) }), asked(line).request)).toBe(code);
  });

  it('is 1 when any identity of the run has a conflict', () => {
    const clean = run({ plan: plan([add('a')]) });
    const other = run({ plan: plan([conflict]) });
    const both = { ...clean, identities: [...clean.identities, ...other.identities] };
    expect(installExitCode(both, asked('').request)).toBe(1);
  });
});

describe('the exit code of a rollback', () => {
  const cases: [NonNullable<RollbackAction['reason']>, number][] = [
    ['edited-since', 0],
    ['deleted-since', 0],
    ['already-so', 0],
    ['in-the-way', 1],
  ];
  it.each(cases)('with a file kept as %s is %d', (reason, code) => {
    const actions = [
      {
        root: 'instance' as const,
        path: 'a',
        kind: 'keep' as const,
        reason,
        edited: false,
        size: 0,
      },
    ];
    const rollbackPlan = {
      schema: 'identity-install/rollback-plan@1' as const,
      id: 'ab',
      home: '/h',
      instance: '/h/instances/ab',
      undoes: ref,
      actions,
      digest: '',
    };
    const operations = [
      {
        id: 'ab',
        undoes: ref,
        revives: null,
        plan: rollbackPlan,
        outcome: 'done' as const,
        operation: null,
      },
    ];
    const run = { home: '/h', runId: ref, notPlanned: [], recovered: [] };
    expect(rollbackExitCode({ ...run, operations })).toBe(code);
  });
});

describe('the exit code of a verification', () => {
  const cases: [
    name: string,
    files: Partial<VerifyRun['identities'][number]['files']>,
    severity: 'error' | 'warn' | 'info' | undefined,
    code: number,
  ][] = [
    ['all intact', {}, undefined, 0],
    ['own files', { localOnly: ['a'] }, undefined, 0],
    ['a changed file', { modified: ['a'] }, undefined, 1],
    ['a missing file', { missing: ['a'] }, undefined, 1],
    ['a note', {}, 'info', 0],
    ['a warning', {}, 'warn', 1],
    ['an error', {}, 'error', 6],
    ['an error and drift', { modified: ['a'] }, 'error', 6],
  ];
  it.each(cases)('with %s', (_name, files, severity, code) => {
    const problems = severity === undefined ? [] : [{ code: 'X', severity, message: 'x' }];
    const identity = {
      id: 'ab',
      release: release('1.0.0'),
      files: { intact: 1, modified: [], missing: [], localOnly: [], ...files },
      problems,
      report: '/h/reports/verify.json',
    };
    expect(verifyExitCode(verification({ identities: [identity] }))).toBe(code);
  });

  it.each(cases)('of a whole home with %s', (_name, files, severity, code) => {
    const found = problem(severity === 'error' ? 'BASE_MISSING' : 'LATE_BYTES', { path: '/h/x' });
    const problems = severity === 'error' || severity === 'warn' ? [found] : [];
    const drift = { intact: 1, modified: [], missing: [], localOnly: [], ...files };
    const identities = [{ id: 'ab', release: release('1.0.0'), files: drift }];
    expect(verifyHomeExitCode(homeVerification({ identities, problems }))).toBe(code);
  });
});
