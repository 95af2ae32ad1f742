import { describe, expect, it } from 'vitest';
import { InstallError } from '../../../src/core/errors.ts';
import { parseRollback } from '../../../src/cli/options/parse-rollback.ts';
import { rollbackCommandLine } from '../../../src/cli/options/rollback-command-line.ts';
import { saying } from '../../support/hint-of.ts';

const digest = 'a'.repeat(64);

describe('identity-rollback, understood', () => {
  const cases: [line: string, request: object][] = [
    ['last', { ref: 'last' }],
    ['20261120', { ref: '20261120' }],
    ['code-reviewer@last --through', { ref: 'code-reviewer@last', through: true }],
    ['last --path ./a/b/ --path a/b --path c', { paths: ['a/b', 'c'] }],
    ['last --plan', { stopAfter: 'plan' }],
    [`last --plan-digest ${digest}`, { planDigest: digest }],
  ];
  it.each(cases)('%s', (line, request) => {
    const { command } = parseRollback(line.split(' '));
    expect(command).toMatchObject({ kind: 'rollback', request });
  });

  it('lists with --list', () => {
    expect(parseRollback(['--list', '--json']).command).toEqual({ kind: 'history' });
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
    ['', 'Which operation is to be undone?', 'identity-rollback last'],
    ['one two', 'Only one operation can be undone at a time.', '--through'],
    ['--list last', '--list takes no reference', ''],
    ['--list --plan', '--list and --plan exclude each other.', ''],
    ['last --path ../x', '--path "../x" is no path inside an instance.', 'relative'],
    ['last --path /etc/passwd', 'is no path inside an instance', ''],
    ['last --path .', 'is no path inside an instance', ''],
    ['last --trough', 'There is no option --trough.', 'Did you mean --through?'],
    [`last --plan --plan-digest ${digest}`, 'exclude each other', ''],
  ];
  it.each(cases)('%s', (line, message, hint) => {
    const attempt = () => parseRollback(line.split(' ').filter(Boolean));
    expect(attempt).toThrow(InstallError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'E_USAGE', remedy: saying(hint) }));
  });
});
