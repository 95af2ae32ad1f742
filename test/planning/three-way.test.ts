import { describe, expect, test } from 'vitest';
import { decideInWords } from '../support/three-way-words.ts';

// docs/architecture.md, "The three-way table", holds the same rows in the same order.
const shipped: readonly (readonly [string, string, string, string, string, string])[] = [
  // base local incoming | preserve          merge                     replace
  ['-', '-', 'a', 'add', 'add', 'add'],
  ['-', 'a', 'a', 'unchanged', 'unchanged', 'unchanged'],
  ['-', 'b', 'a', 'no-base', 'no-base', 'replace'],
  ['a', 'a', 'a', 'unchanged', 'unchanged', 'unchanged'],
  ['a', 'b', 'b', 'unchanged', 'unchanged', 'unchanged'],
  ['a', 'a', 'b', 'upgrade-available', 'update', 'update'],
  ['a', 'b', 'a', 'modified-locally', 'modified-locally', 'replace'],
  ['a', 'b', 'c', 'modified-locally', 'conflict:both-changed', 'replace'],
  ['a', '-', 'a', 'deleted-locally', 'deleted-locally', 'add'],
  ['a', '-', 'b', 'deleted-locally', 'conflict:deleted-here', 'add'],
  ['a', 'a', '-', 'removed-upstream', 'remove', 'removed-upstream'],
  ['a', 'b', '-', 'modified-locally', 'modified-locally', 'modified-locally'],
  ['a', '-', '-', 'none', 'none', 'none'],
  ['-', 'b', '-', 'local-only', 'local-only', 'local-only'],
  ['-', 'link', '-', 'local-only', 'local-only', 'local-only'],
  ['-', 'dir', '-', 'none', 'none', 'none'],
  ['a', 'link', 'a', 'conflict:other-kind', 'conflict:other-kind', 'conflict:other-kind'],
  ['-', 'dir', 'a', 'conflict:other-kind', 'conflict:other-kind', 'conflict:other-kind'],
  ['a', 'a+x', 'a', 'modified-locally', 'modified-locally', 'replace'],
  ['a', 'a', 'a+x', 'upgrade-available', 'update', 'update'],
];

describe.each(shipped)('shipped: base %s, local %s, incoming %s', (...row) => {
  const [base, local, incoming, preserve, merge, replace] = row;
  test.each([
    ['preserve', preserve],
    ['merge', merge],
    ['replace', replace],
  ] as const)('%s: %s', (mode, expected) => {
    expect(decideInWords([base, local, incoming], mode, 'shipped')).toBe(expected);
  });
});

const state_: readonly (readonly [string, string, string, string, string, string])[] = [
  ['-', '-', 'a', 'add', 'add', 'add'],
  ['a', 'a', 'b', 'upgrade-available', 'update', 'state'],
  ['a', 'b', 'c', 'state', 'state', 'state'],
  ['-', 'b', 'a', 'state', 'state', 'state'],
  ['a', '-', 'b', 'deleted-locally', 'conflict:deleted-here', 'deleted-locally'],
  ['a', 'a', '-', 'state', 'state', 'state'],
];

describe.each(state_)('state: base %s, local %s, incoming %s', (...row) => {
  const [base, local, incoming, preserve, merge, replace] = row;
  test.each([
    ['preserve', preserve],
    ['merge', merge],
    ['replace', replace],
  ] as const)('%s: %s', (mode, expected) => {
    expect(decideInWords([base, local, incoming], mode, 'state')).toBe(expected);
  });
});

describe('options', () => {
  test('--restore-deleted adds a deleted file in every mode', () => {
    for (const mode of ['preserve', 'merge', 'replace'] as const) {
      expect(decideInWords(['a', '-', 'b'], mode, 'shipped', { restoreDeleted: true })).toBe('add');
    }
  });

  test('--prune removes only what is recorded, shipped, unchanged and gone from the release', () => {
    const prune = { prune: true };
    expect(decideInWords(['a', 'a', '-'], 'replace', 'shipped', prune)).toBe('remove');
    expect(decideInWords(['a', 'b', '-'], 'replace', 'shipped', prune)).toBe('modified-locally');
    expect(decideInWords(['-', 'b', '-'], 'replace', 'shipped', prune)).toBe('local-only');
    expect(decideInWords(['a', 'a', '-'], 'replace', 'state', prune)).toBe('state');
    expect(decideInWords(['a', 'a', '-'], 'preserve', 'shipped', prune)).toBe('removed-upstream');
  });

  test('--include-state lets replace reach state files', () => {
    const includeState = { includeState: true };
    expect(decideInWords(['a', 'b', 'c'], 'replace', 'state', includeState)).toBe('replace');
    expect(decideInWords(['a', 'a', 'b'], 'replace', 'state', includeState)).toBe('update');
    expect(decideInWords(['a', '-', 'b'], 'replace', 'state', includeState)).toBe('add');
    expect(decideInWords(['a', 'b', 'c'], 'merge', 'state', includeState)).toBe('state');
  });

  test('--keep makes a path the user’s own, even in replace', () => {
    expect(decideInWords(['a', 'b', 'c'], 'replace', 'local')).toBe('local-only');
    expect(decideInWords(['a', '-', 'c'], 'replace', 'local')).toBe('deleted-locally');
    expect(decideInWords(['-', '-', 'c'], 'replace', 'local')).toBe('add');
    expect(decideInWords(['a', 'a', '-'], 'merge', 'local')).toBe('local-only');
  });

  test('a directory or a file in the way goes only in replace, and only when it is all ours', () => {
    const clear = { wayIsClear: true };
    expect(decideInWords(['-', 'dir', 'a'], 'replace', 'shipped', clear)).toBe('add');
    expect(decideInWords(['-', 'dir', 'a'], 'merge', 'shipped', clear)).toBe('conflict:other-kind');
    const blocked = { parentBlocked: true };
    expect(decideInWords(['-', '-', 'a'], 'preserve', 'shipped', blocked)).toBe(
      'conflict:blocked-parent',
    );
    expect(decideInWords(['-', '-', 'a'], 'replace', 'shipped', { ...blocked, ...clear })).toBe(
      'add',
    );
  });
});
