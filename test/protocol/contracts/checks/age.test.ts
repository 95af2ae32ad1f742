import { describe, expect, test } from 'vitest';
import { ageProblem } from '../../../../src/protocol/contracts/checks/age.ts';

const now = new Date('2026-02-22T12:00:00Z');

describe('the age of a record', () => {
  test.each([
    ['2026-02-20T12:00:00Z', 1, 'is 2 days old, and 1 are allowed'],
    ['2026-02-21T12:00:00Z', 0.5, 'is 1 day old, and 0.5 are allowed'],
    ['2026-02-23T12:00:00Z', 7, 'is dated in the future'],
  ])('%s, of %d days, is told in words', (time, days, told) => {
    expect(ageProblem(days, time, now)).toBe(told);
  });

  test.each([
    ['a day that is not over', '2026-02-20T12:00:01Z', 1],
    ['clocks that differ', '2026-02-22T12:05:00Z', 7],
    ['what is not a time', 'yesterday', 7],
    ['days that are not a number', '2020-01-01T00:00:00Z', '7'],
  ])('reports no problem for %s', (_name, time, days) => {
    expect(ageProblem(days, time, now)).toBeUndefined();
  });

  test('is not judged where nobody knows what time it is', () => {
    expect(ageProblem(7, '2020-01-01T00:00:00Z', undefined)).toBeUndefined();
  });
});
