import { describe, expect, it } from 'vitest';
import type { InstallError } from '../../src/core/errors.ts';
import {
  agreeingTag,
  isLower,
  parseSelector,
  selectTags,
  versionOfTag,
  versionTags,
  type Selector,
} from '../../src/release/tag.ts';
import { hintOf } from '../support/hint-of.ts';

const tagsNamed = (...names: string[]) =>
  versionTags(names.map((name) => ({ name, oid: name }))).tags;

function select(text: string | undefined, ...names: string[]): string[] {
  const selector = parseSelector(text) as Exclude<Selector, { kind: 'commit' }>;
  return selectTags(tagsNamed(...names), selector, { where: 'here', ignored: [] }).map(
    ({ name }) => name,
  );
}

function thrownBy(work: () => unknown): InstallError {
  try {
    work();
  } catch (error) {
    return error as InstallError;
  }
  throw new Error('nothing was thrown');
}

describe('tag names', () => {
  it.each([
    ['v1.4.10', '1.4.10'],
    ['1.0.0', '1.0.0'],
    ['v1.0.0-rc.1', '1.0.0-rc.1'],
    ['v1.0.0+build.5', '1.0.0+build.5'],
  ])('%s is version %s', (name, version) => {
    expect(versionOfTag(name)).toBe(version);
  });

  it.each([
    'V1.0.0',
    '1.0',
    'v1',
    '=v1.0.0',
    ' v1.0.0',
    'v1.0.0\n',
    'v01.0.0',
    'v1.0.0-01',
    'v1.0.0-',
    '-v1.0.0',
    'v1.0.0;id',
    'v1.0.0\u200b',
    'v1.0.0\u202e',
    'v99999999999999999999.0.0',
    `v1.0.0-${'a'.repeat(200)}`,
    'release-3',
  ])('%j is not a version', (name) => {
    expect(versionOfTag(name)).toBeUndefined();
  });

  it('notes the tags that it ignores, escaped and not all of them', () => {
    const names = ['v1.0.0', 'odd\u202e', ...Array.from({ length: 20 }, (_, i) => `n${i}`)];
    const { tags, findings } = versionTags(names.map((name) => ({ name, oid: 'x' })));
    expect(tags.map(({ name }) => name)).toEqual(['v1.0.0']);
    expect(findings).toEqual([expect.objectContaining({ code: 'TAG_IGNORED', severity: 'info' })]);
    expect(findings[0]?.message).toContain('odd\\u{202e}');
    expect(findings[0]?.message).toContain('and 11 more');
  });
});

describe('selectors', () => {
  it.each<[string | undefined, Selector]>([
    [undefined, { kind: 'latest' }],
    ['v1.4.10', { kind: 'version', version: '1.4.10', text: 'v1.4.10' }],
    ['~1.4.3', { kind: 'range', range: '~1.4.3', text: '~1.4.3' }],
    ['>=1.0.0 <2.0.0', { kind: 'range', range: '>=1.0.0 <2.0.0', text: '>=1.0.0 <2.0.0' }],
    ['1.x || 3.x', { kind: 'range', range: '1.x || 3.x', text: '1.x || 3.x' }],
    ['1.0.0 - 1.4.0', { kind: 'range', range: '1.0.0 - 1.4.0', text: '1.0.0 - 1.4.0' }],
    ['abcdef0', { kind: 'commit', prefix: 'abcdef0', full: false }],
    ['a'.repeat(40), { kind: 'commit', prefix: 'a'.repeat(40), full: true }],
    ['a'.repeat(64), { kind: 'commit', prefix: 'a'.repeat(64), full: true }],
  ])('%j', (text, selector) => {
    expect(parseSelector(text)).toEqual(selector);
  });

  it.each([
    '',
    ' ',
    'main',
    'V1.0.0',
    '=v1.0.0',
    'v1.0.0\n',
    ' v1.0.0',
    '~1.4.3\n',
    '--force',
    'refs/tags/v1.0.0',
    'v1.0.0;id',
    'v1.0.0\u200b',
    '$(id)',
    'ABCDEF0',
    'abcdef',
    'x'.repeat(300),
  ])('%j is refused', (text) => {
    const error = thrownBy(() => parseSelector(text));
    expect([error.code, error.exitCode]).toEqual(['E_TAG_INVALID', 5]);
    expect(hintOf(error)).toContain('v1.4.10');
  });
});

describe('selection', () => {
  it.each<[string | undefined, string[], string[]]>([
    [undefined, ['v1.4.9', 'v1.4.10', 'v1.4.3'], ['v1.4.10']],
    [undefined, ['v1.0.0', 'v2.0.0-rc.1'], ['v1.0.0']],
    ['~1.4.3', ['v1.4.3', 'v1.4.10', 'v1.5.1'], ['v1.4.10']],
    ['*', ['v1.0.0', 'v2.0.0-rc.1'], ['v1.0.0']],
    ['2.0.0-rc.1', ['v1.0.0', 'v2.0.0-rc.1'], ['v2.0.0-rc.1']],
    ['>=2.0.0-0', ['v1.0.0', 'v2.0.0-rc.1'], ['v2.0.0-rc.1']],
    ['1.0.0', ['v1.0.0', 'v1.1.0'], ['v1.0.0']],
    ['v1.0.0', ['1.0.0'], ['1.0.0']],
    ['1.0.0', ['v1.0.0', '1.0.0'], ['1.0.0', 'v1.0.0']],
    [undefined, ['1.0.0', 'v1.0.0'], ['v1.0.0', '1.0.0']],
    ['v1.0.0', ['v1.0.0', 'v1.0.0+b'], ['v1.0.0', 'v1.0.0+b']],
    ['v1.0.0+b', ['v1.0.0', 'v1.0.0+b', 'v1.0.0+c'], ['v1.0.0+b']],
  ])('%j among %j is %j', (text, names, expected) => {
    expect(select(text, ...names)).toEqual(expected);
  });

  it.each<[string | undefined, string[], string[]]>([
    ['9.x', ['v1.2.0', 'v1.4.9', 'v1.4.10', 'v1.5.1'], ['v1.5.1', 'v1.4.10', 'v1.4.9']],
    ['v1.4.7', ['v1.4.5', 'v1.4.9', 'v1.4.10'], ['v1.4.5', 'v1.4.9', 'v1.4.10']],
    ['0.1.0', ['v1.0.0', 'v1.1.0'], ['v1.0.0', 'v1.1.0']],
    [undefined, ['v2.0.0-rc.1', 'v2.0.0-rc.2'], ['v2.0.0-rc.2', 'v2.0.0-rc.1']],
  ])('%j among %j is not found and names %j', (text, names, nearest) => {
    const error = thrownBy(() => select(text, ...names));
    expect(error.code).toBe('E_TAG_NOT_FOUND');
    expect(hintOf(error)).toContain(nearest.join(', '));
  });

  it('tags of equal version must agree', () => {
    const tag = (name: string, commit: string) => ({ name, commit });
    expect(agreeingTag([tag('v1.0.0', 'a'), tag('1.0.0', 'a')], 'here').name).toBe('v1.0.0');
    const error = thrownBy(() => agreeingTag([tag('v1.0.0', 'a'), tag('1.0.0', 'b')], 'here'));
    expect(error.code).toBe('E_TAG_AMBIGUOUS');
    expect(error.message).toMatch(/v1\.0\.0 \(a\), 1\.0\.0 \(b\)/);
  });
});

it('a lower version is lower by number, not by text, and a build makes no difference', () => {
  expect(isLower('1.4.9', '1.4.10')).toBe(true);
  expect(isLower('1.4.10', '1.4.9')).toBe(false);
  expect(isLower('1.0.0+a', '1.0.0+b')).toBe(false);
});
