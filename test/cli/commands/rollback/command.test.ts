import { describe, expect, it } from 'vitest';
import { InstallError } from '../../../../src/core/errors.ts';
import { rollbackCommandLine } from '../../../../src/cli/commands/rollback/command-line.ts';
import { rollback } from '../../../../src/cli/commands/rollback/command.ts';
import type { Composition } from '../../../../src/cli/composition.ts';
import { readGlobalOptions } from '../../../../src/cli/options/global-options.ts';
import type { RollbackAction } from '../../../../src/operations/rollback/plan.ts';
import { asked, given, shown } from '../../../support/commands.ts';
import { ref } from '../../../support/install-samples.ts';
import { checkedResult } from '../../../support/result-schemas.ts';
import { openWorkshop } from '../../../support/workshop.ts';
import { saying } from '../../../support/hint-of.ts';

const digest = 'a'.repeat(64);

describe('identity-rollback, understood', () => {
  const cases: [line: string, request: object][] = [
    ['last', { ref: 'last' }],
    ['20261120', { ref: '20261120' }],
    ['code-reviewer@last --through', { ref: 'code-reviewer@last', through: true }],
    ['last --path ./a/b/ --path a/b --path c', { paths: ['a/b', 'c'] }],
    ['last --plan', { stopAfter: 'plan' }],
    [`last --plan-digest ${digest}`, { planDigest: digest }],
    ['last --yes', { ref: 'last', through: false, paths: [] }],
  ];
  it.each(cases)('%s', (line, request) => {
    expect(asked(rollback, line).request).toMatchObject(request);
  });

  it('is the history of the home with --list', async () => {
    const taken = given(rollback, '--list --json');
    const { context } = openWorkshop();
    const composition = { looking: { openHome: () => context } } as unknown as Composition;
    const options = readGlobalOptions(taken);
    const { exitCode, document } = await rollback.prepare(taken)({
      composition,
      options,
      launcher: (program) => program,
    });
    expect(exitCode).toBe(0);
    expect(checkedResult({ ...document, exitCode })).toMatchObject({
      schema: 'identity-install/history-result@1',
      operations: [],
    });
  });

  it('can be written down again', () => {
    const request = { ref: 'last', through: true, paths: ['a b', '-x'], planDigest: digest };
    expect(rollbackCommandLine(request, '/h')).toBe(
      `last --home /h --path 'a b' --path=-x --through --plan-digest ${digest}`,
    );
  });
});

describe('identity-rollback, refused', () => {
  const cases: [line: string, message: string, hint: string][] = [
    ['', 'Which operation should be undone?', 'identity-rollback last'],
    ['one two', 'Only one operation can be undone at a time.', '--through'],
    ['--list last', '--list takes no reference', ''],
    ['--list --plan', '--list and --plan exclude each other.', ''],
    ['last --path ../x', '--path "../x" is not a path inside an instance.', 'relative'],
    ['last --path /etc/passwd', 'is not a path inside an instance', ''],
    ['last --path .', 'is not a path inside an instance', ''],
    ['last --trough', 'There is no option --trough.', 'Did you mean --through?'],
    [`last --plan --plan-digest ${digest}`, 'exclude each other', ''],
  ];
  it.each(cases)('%s', (line, message, hint) => {
    const attempt = () => rollback.prepare(given(rollback, line));
    expect(attempt).toThrow(InstallError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'E_USAGE', remedy: saying(hint) }));
  });
});

describe('the result', () => {
  const cases: [NonNullable<RollbackAction['reason']>, number][] = [
    ['edited-since', 0],
    ['deleted-since', 0],
    ['already-so', 0],
    ['in-the-way', 1],
  ];
  it.each(cases)('with a file kept as %s has exit code %d', async (reason, code) => {
    const actions: RollbackAction[] = [
      { root: 'instance', path: 'a', kind: 'keep', reason, edited: false, size: 0 },
    ];
    const plan = {
      schema: 'identity-install/rollback-plan@1' as const,
      id: 'ab',
      home: '/h',
      instance: '/h/instances/ab',
      undoes: ref,
      actions,
      digest: '',
    };
    const undone = { id: 'ab', undoes: ref, revives: null, plan, operation: null };
    const { exitCode, text, document } = await shown(rollback, 'last', {
      home: '/h',
      runId: ref,
      operations: [{ ...undone, outcome: 'done' }],
      notPlanned: [],
      recovered: [],
    });
    expect(exitCode).toBe(code);
    expect(text).toContain(`Undid ${ref}`);
    expect(document).toMatchObject({ schema: 'identity-install/rollback-result@1' });
  });
});
