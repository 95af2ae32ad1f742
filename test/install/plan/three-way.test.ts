import { describe, expect, test } from 'vitest';
import type { EntryState } from '../../../src/core/entry.ts';
import type { FileClass } from '../../../src/instance/classes.ts';
import type { Mode } from '../../../src/install/plan/plan.ts';
import {
  decide,
  type Decision,
  type ThreeWayOptions,
} from '../../../src/install/plan/three-way.ts';

/** `-` absent, a letter a file with that content, `a+x` executable, `dir`, `link`. */
function state(text: string): EntryState {
  if (text === '-') return { kind: 'absent' };
  if (text === 'dir') return { kind: 'directory' };
  if (text === 'link') return { kind: 'link' };
  const [sha256 = '', x] = text.split('+');
  return { kind: 'file', sha256, size: 1, executable: x === 'x' };
}

function short(decision: Decision): string {
  if (decision.kind !== 'keep') return decision.kind;
  return decision.conflict === undefined ? decision.reason : `conflict:${decision.conflict}`;
}

function decideShort(
  [base, local, incoming]: readonly [string, string, string],
  mode: Mode,
  fileClass: FileClass = 'shipped',
  extra: Partial<ThreeWayOptions & { wayIsClear: boolean; parentBlocked: boolean }> = {},
): string {
  const way = {
    base: state(base),
    local: state(local),
    incoming: state(incoming),
    class: fileClass,
    wayIsClear: extra.wayIsClear ?? false,
    parentBlocked: extra.parentBlocked ?? false,
  };
  const options = { mode, restoreDeleted: false, prune: false, includeState: false, ...extra };
  return short(decide(way, options));
}

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
    expect(decideShort([base, local, incoming], mode)).toBe(expected);
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
    expect(decideShort([base, local, incoming], mode, 'state')).toBe(expected);
  });
});

describe('options', () => {
  test('--restore-deleted adds a deleted file in every mode', () => {
    for (const mode of ['preserve', 'merge', 'replace'] as const) {
      expect(decideShort(['a', '-', 'b'], mode, 'shipped', { restoreDeleted: true })).toBe('add');
    }
  });

  test('--prune removes only what is recorded, shipped, unchanged and gone from the release', () => {
    const prune = { prune: true };
    expect(decideShort(['a', 'a', '-'], 'replace', 'shipped', prune)).toBe('remove');
    expect(decideShort(['a', 'b', '-'], 'replace', 'shipped', prune)).toBe('modified-locally');
    expect(decideShort(['-', 'b', '-'], 'replace', 'shipped', prune)).toBe('local-only');
    expect(decideShort(['a', 'a', '-'], 'replace', 'state', prune)).toBe('state');
    expect(decideShort(['a', 'a', '-'], 'preserve', 'shipped', prune)).toBe('removed-upstream');
  });

  test('--include-state lets replace reach state files', () => {
    const includeState = { includeState: true };
    expect(decideShort(['a', 'b', 'c'], 'replace', 'state', includeState)).toBe('replace');
    expect(decideShort(['a', 'a', 'b'], 'replace', 'state', includeState)).toBe('update');
    expect(decideShort(['a', '-', 'b'], 'replace', 'state', includeState)).toBe('add');
    expect(decideShort(['a', 'b', 'c'], 'merge', 'state', includeState)).toBe('state');
  });

  test('--keep makes a path the user’s own, even in replace', () => {
    expect(decideShort(['a', 'b', 'c'], 'replace', 'local')).toBe('local-only');
    expect(decideShort(['a', '-', 'c'], 'replace', 'local')).toBe('deleted-locally');
    expect(decideShort(['-', '-', 'c'], 'replace', 'local')).toBe('add');
    expect(decideShort(['a', 'a', '-'], 'merge', 'local')).toBe('local-only');
  });

  test('a directory or a file in the way goes only in replace, and only when it is all ours', () => {
    const clear = { wayIsClear: true };
    expect(decideShort(['-', 'dir', 'a'], 'replace', 'shipped', clear)).toBe('add');
    expect(decideShort(['-', 'dir', 'a'], 'merge', 'shipped', clear)).toBe('conflict:other-kind');
    const blocked = { parentBlocked: true };
    expect(decideShort(['-', '-', 'a'], 'preserve', 'shipped', blocked)).toBe(
      'conflict:blocked-parent',
    );
    expect(decideShort(['-', '-', 'a'], 'replace', 'shipped', { ...blocked, ...clear })).toBe(
      'add',
    );
  });
});
