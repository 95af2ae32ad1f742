import { expect, it } from 'vitest';
import { nearest, nearestFirst } from '../../src/core/nearest.ts';

it.each([
  ['repalce', 'replace'],
  ['rel', 'release'],
  ['re', undefined],
  ['p', undefined],
  ['zzz', undefined],
])('the nearest to %s is %s', (typed, expected) => {
  expect(nearest(typed, ['replace', 'release', 'plan'])).toBe(expected);
});

it.each([
  ['deactivate', ['activate']],
  ['unregister', ['register']],
  ['activate', ['deactivate']],
])('the opposite of %s is never the nearest', (typed, candidates) => {
  expect(nearest(typed, candidates)).toBeUndefined();
});

it('those that take the fewest edits come first, ties by name', () => {
  expect(nearestFirst('ab', ['zz', 'ba', 'ac', 'ab'])).toEqual(['ab', 'ac', 'ba', 'zz']);
});
