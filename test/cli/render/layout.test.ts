import { describe, expect, it } from 'vitest';
import { alignColumns } from '../../../src/cli/render/columns.ts';
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

describe('columns', () => {
  it('align, without trailing space', () => {
    expect(
      alignColumns(
        [
          ['a', '1', ''],
          ['bbb', '22', 'x'],
        ],
        ['left', 'right'],
      ),
    ).toEqual(['a     1', 'bbb  22  x']);
  });

  it('are not pushed away by one endless cell', () => {
    expect(
      alignColumns(
        [
          ['a', 'x'],
          ['b'.repeat(9), 'y'],
        ],
        [],
        4,
      ),
    ).toEqual(['a     x', 'bbbbbbbbb  y']);
  });
});

it('folding saves at least two lines or does not happen', () => {
  expect(fold(['a', 'b', 'c'], 2, false)).toEqual(['a', 'b', 'c']);
  expect(fold(['a', 'b', 'c', 'd'], 2, false)).toEqual([
    'a',
    'b',
    '  … and 2 more (--verbose shows all)',
  ]);
  expect(fold(['a', 'b', 'c', 'd'], 2, true)).toHaveLength(4);
});

it('counts in singular and plural', () => {
  expect([count(1, 'file'), count(0, 'file'), count(2, 'copy', 'copies')]).toEqual([
    '1 file',
    '0 files',
    '2 copies',
  ]);
});
