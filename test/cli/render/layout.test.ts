import { expect, it } from 'vitest';
import { count, fold } from '../../../src/cli/render/fold.ts';
import { humanSize } from '../../../src/cli/render/size.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [4200, '4.1 KiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [1.5 * 1024 ** 3, '1.5 GiB'],
  [5000 * 1024 ** 4, '5000.0 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});

it('folding saves at least two lines or does not happen', () => {
  expect(fold(['a', 'b', 'c'], 2, false)).toEqual({ shown: ['a', 'b', 'c'], more: [] });
  expect(fold(['a', 'b', 'c', 'd'], 2, false)).toEqual({
    shown: ['a', 'b'],
    more: ['  … and 2 more (--verbose shows all)'],
  });
  expect(fold(['a', 'b', 'c', 'd'], 2, true).shown).toHaveLength(4);
});

it('counts in singular and plural', () => {
  expect([count(1, 'file'), count(0, 'file'), count(2, 'copy', 'copies')]).toEqual([
    '1 file',
    '0 files',
    '2 copies',
  ]);
});
