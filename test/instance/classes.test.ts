import { describe, expect, it, vi } from 'vitest';
import { classify, classRules } from '../../src/instance/classes.ts';

const none = { shipped: [], state: [], local: [] };

describe('classify', () => {
  it.each([
    ['IDENTITY_PROMPT.md', 'shipped'],
    ['.hidden/file', 'shipped'],
    ['TASK_HISTORY.md', 'state'],
    ['docs/TASK_HISTORY.md', 'shipped'],
    ['RULEBOOK.jsonl', 'state'],
    ['runtime/logs/a/b.log', 'state'],
    ['runtime/logs/.keep', 'state'],
    ['runtime/rulebooks/negative.jsonl', 'state'],
    ['runtime/metrics/m.json', 'state'],
    ['runtime/reports/install/x.json', 'state'],
    ['runtime/examples/x.json', 'shipped'],
    ['xruntime/logs/a', 'shipped'],
  ])('by default %s is %s', (path, kind) => {
    expect(classify(path, classRules({}).rules)).toBe(kind);
  });

  it.each([
    ['notes/a.md', 'local'],
    ['memory/x/y', 'state'],
    ['RULEBOOK.jsonl', 'shipped'],
    ['TASK_HISTORY.md', 'local'],
    ['agents/a.yaml', 'local'],
    ['other', 'shipped'],
  ])('with declarations and --keep %s is %s', (path, kind) => {
    const { rules, findings } = classRules({
      keep: ['TASK_HISTORY.md', 'agents/*.yaml'],
      declared: {
        shipped: ['RULEBOOK.jsonl', 'agents/**', 'TASK_HISTORY.md', 'notes/**'],
        state: ['memory/**'],
        local: ['notes/**'],
      },
    });
    expect(findings).toEqual([]);
    expect(classify(path, rules)).toBe(kind);
  });

  it.each([
    '',
    '/abs',
    'a/../b',
    'a\\b',
    '+(a|a)*',
    '(a+)+',
    '*a*a*a*a*b',
    'a**/b',
    '{a,a}{a,a}{a,a}b',
    '{a/b,c}/d',
    '[a',
    '{a',
    'x'.repeat(257),
  ])('refuses the glob %j: a finding for a pack, a usage error for the user', (glob) => {
    const { rules, findings } = classRules({ declared: { ...none, state: ['ok', glob] } });
    expect(findings).toMatchObject([
      { code: 'CLASS_GLOB_INVALID', severity: 'warn', pointer: '/install/state/1' },
    ]);
    expect(classify('ok', rules)).toBe('state');
    expect(() => classRules({ keep: [glob] })).toThrow(
      expect.objectContaining({ code: 'E_USAGE' }),
    );
  });

  it('asks each part of the worst glob that is allowed about each component once, and no more', () => {
    const worst = '**/*{a,a}{a,a}a*/**/**/*a*/**/b/**/*c*';
    const { rules } = classRules({ keep: [worst] });
    const [rule] = rules;
    const components = [...Array.from({ length: 31 }, () => 'a'.repeat(255)), 'b'];
    const exec = vi.spyOn(RegExp.prototype, 'exec');
    try {
      rule?.matches(components.join('/'));
      const asked = exec.mock.calls.map(([text]) => text);
      // The expression for a whole path would multiply what its stars can try.
      expect([...new Set(asked)].sort()).toEqual([...new Set(components)].sort());
      expect(asked.length).toBeLessThanOrEqual(worst.split('/').length * components.length);
    } finally {
      exec.mockRestore();
    }
  });
});

describe('globs', () => {
  it.each([
    ['*.md', 'a.md', true],
    ['*.md', 'd/a.md', false],
    ['**/*.md', 'a.md', true],
    ['**/*.md', 'd/e/a.md', true],
    ['d/**', 'd/e/f', true],
    ['d/**', 'd', true],
    ['d/**', 'de', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'a/b/c', false],
    ['{a,b}/[xy]?', 'b/x1', true],
    ['{a,b}/[xy]?', 'c/x1', false],
    ['!a', 'b', false],
    ['*', '.hidden', true],
  ])('%s on %s: %s', (glob, path, matches) => {
    const kind = classify(path, classRules({ keep: [glob] }).rules);
    expect(kind).toBe(matches ? 'local' : 'shipped');
  });
});
