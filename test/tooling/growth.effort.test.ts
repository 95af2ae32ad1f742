import { effortOf } from '../support/effort.ts';
import { expect, test } from 'vitest';

const numbers = (length: number): number[] => Array.from({ length }, (_none, index) => index);

function loops(times: number): number {
  let sum = 0;
  for (let index = 0; index < times; index += 1) if (index % 2 === 0) sum += index;
  return sum;
}

/** By what effort grows when there is ten times as much. */
function growth(act: (size: number) => unknown): number {
  const small = effortOf(() => act(100));
  const big = effortOf(() => act(1000));
  expect(effortOf(() => act(100))).toBe(small);
  return big / small;
}

test.each<[string, (size: number) => unknown]>([
  ['a loop', loops],
  ['a text that is searched once', (size) => 'x'.repeat(size).indexOf('y')],
  ['text that is taken apart once', (size) => 'x\n'.repeat(size).split('\n')],
  ['an expression that matches bit by bit', (size) => 'x\n'.repeat(size).match(/\n/g)],
])('%s takes effort by its size', (_what, act) => {
  expect(growth(act)).toBeGreaterThan(8);
  expect(growth(act)).toBeLessThan(12);
});

test.each<[string, (size: number) => unknown]>([
  ['a loop in a loop', (size) => numbers(size).forEach(() => loops(size))],
  [
    'a text that is copied for every line',
    (size) => {
      const text = '\n'.repeat(size);
      for (const at of numbers(size)) text.slice(at);
    },
  ],
  [
    'a list that is searched for every member',
    (size) => {
      const all = numbers(size);
      return all.filter((each) => all.includes(each));
    },
  ],
  [
    'an expression that walks to the end for every line',
    (size) => {
      const text = 'x'.repeat(size);
      for (const at of numbers(size)) {
        const word = /y/g;
        word.lastIndex = at;
        word.exec(text);
      }
    },
  ],
])('%s takes effort by the square of its size', (_what, act) => {
  expect(growth(act)).toBeGreaterThan(50);
});
