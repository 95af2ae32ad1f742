import { expect, test } from 'vitest';
import { placeAt, placesIn } from '../../src/core/document.ts';

test('a place is the line and column of an offset, each from 1', () => {
  const text = 'ab\n\ncd\r\ne';
  const places = Array.from({ length: text.length }, (_none, offset) => placeAt(text, offset));
  expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual([
    '1:1',
    '1:2',
    '1:3',
    '2:1',
    '3:1',
    '3:2',
    '3:3',
    '3:4',
    '4:1',
  ]);
  expect(placeAt(text, text.length)).toEqual({ line: 4, column: 2 });
  expect(placeAt('', 0)).toEqual({ line: 1, column: 1 });
});

test('a place far down a long text is found', () => {
  expect(placesIn('x\n'.repeat(500_000))(999_998)).toEqual({ line: 500_000, column: 1 });
});
