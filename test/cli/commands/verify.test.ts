import { describe, expect, it } from 'vitest';
import { verify } from '../../../src/cli/commands/verify.ts';
import { problem } from '../../../src/inspection/verify/problem.ts';
import type { VerifyRun } from '../../../src/inspection/verify/verify.ts';
import { shown } from '../../support/commands.ts';
import { release } from '../../support/install-samples.ts';
import { homeVerification, verification } from '../../support/verify-samples.ts';

describe('a verification', () => {
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
  it.each(cases)('with %s', async (_name, files, severity, code) => {
    const problems = severity === undefined ? [] : [{ code: 'X', severity, message: 'x' }];
    const identity = {
      id: 'ab',
      release: release('1.0.0'),
      files: { intact: 1, modified: [], missing: [], localOnly: [], ...files },
      problems,
      report: '/h/reports/verify.json',
    };
    const { exitCode, text, document } = await shown(
      verify,
      '',
      verification({ identities: [identity] }),
    );
    expect(exitCode).toBe(code);
    expect(text).toContain('ab v1.0.0');
    expect(document).toMatchObject({ schema: 'identity-install/verify-result@1' });
  });

  it.each(cases)('of a whole home with %s', async (_name, files, severity, code) => {
    const found = problem(severity === 'error' ? 'BASE_MISSING' : 'LATE_BYTES', { path: '/h/x' });
    const problems = severity === 'error' || severity === 'warn' ? [found] : [];
    const drift = { intact: 1, modified: [], missing: [], localOnly: [], ...files };
    const identities = [{ id: 'ab', release: release('1.0.0'), files: drift }];
    const { exitCode, document } = await shown(
      verify,
      '--all',
      homeVerification({ identities, problems }),
    );
    expect(exitCode).toBe(code);
    expect(document).toMatchObject({ schema: 'identity-install/verify-home-result@1' });
  });
});
