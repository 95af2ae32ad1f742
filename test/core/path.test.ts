import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePaths, parentPaths } from '../../src/core/path.ts';

const path = fc
  .array(fc.constantFrom('a', 'b', '/', '-', '.', '\0', '\uffff', '😀'), { maxLength: 8 })
  .map((parts) => parts.join(''));

describe('comparePaths', () => {
  test.each([
    ['a/b', 'a-b/c', -1],
    ['a', 'a/b', -1],
    ['a/b', 'a', 1],
    ['a/b', 'a/b', 0],
    ['a/b', 'a/B', 1],
  ])('%s and %s', (left, right, order) => {
    expect(Math.sign(comparePaths(left, right))).toBe(order);
  });

  test('orders as lists of components do', () => {
    fc.assert(
      fc.property(path, path, (left, right) => {
        expect(Math.sign(comparePaths(left, right))).toBe(compareLists(left, right));
      }),
    );
  });
});

test('the parents of a path are every beginning of it that ends before a slash', () => {
  expect(parentPaths('a/b/c')).toEqual(['a', 'a/b']);
  expect(parentPaths('a')).toEqual([]);
  expect(parentPaths('')).toEqual([]);
});

function compareLists(left: string, right: string): number {
  const [a, b] = [left.split('/'), right.split('/')];
  const index = a.findIndex((part, at) => part !== b[at]);
  if (index === -1) return Math.sign(a.length - b.length);
  const other = b[index];
  return other !== undefined && (a[index] ?? '') < other ? -1 : 1;
}
