import { describe, expect, it } from 'vitest';
import { validate } from '../../../../src/cli/commands/validate/command.ts';
import { shown } from '../../../support/commands.ts';
import { finding, validation } from '../../../support/validate-samples.ts';

describe('a validation', () => {
  it.each([
    ['', [], 0],
    ['', [finding()], 1],
    ['', [finding({ severity: 'warn' })], 0],
    ['--strict', [finding({ severity: 'warn' })], 1],
    ['--strict', [finding({ severity: 'info' })], 0],
  ] as const)('%s of %j has exit code %i', async (line, findings, code) => {
    const { exitCode, document } = await shown(validate, line, validation(findings));
    expect(exitCode).toBe(code);
    expect(document).toMatchObject({ schema: 'identity-install/validate-result@1' });
  });

  it('is shown in the format that was asked for', async () => {
    const run = validation([finding()]);
    expect((await shown(validate, '', run)).text).toContain('1 problem in 1 pack');
    expect((await shown(validate, '--format github', run)).text).toMatch(/^::error file=/);
    expect((await shown(validate, '--format sarif', run)).text).toContain('"version": "2.1.0"');
  });
});

describe('a self-test', () => {
  const result = { contract: 'routing' as const, sample: 'a sample', problems: [] };

  it.each([
    [[], 0],
    [['It finds nothing.'], 1],
  ])('with the problems %j has exit code %i', async (problems, code) => {
    const { exitCode, text, document } = await shown(validate, '--self-test', {
      results: [{ ...result, problems }],
    });
    expect(exitCode).toBe(code);
    expect(text).toContain('routing');
    expect(document).toMatchObject({ schema: 'identity-install/self-test-result@1' });
  });
});
