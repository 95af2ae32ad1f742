import { expect, it, vi } from 'vitest';
import { latinCells, renderInCells } from '../../../src/cli/layout/cells.ts';
import { unicodeCells } from '../../../src/cli/layout/unicode-cells.ts';

it.each([
  ['identity', 8],
  ['\u001b[31mred\u001b[39m', 3],
  ['店铺经理', 8],
  ['한국어', 6],
  ['ｆｕｌｌ', 8],
  ['e\u0301', 1],
  ['❤️', 2],
  ['👨‍👩‍👧‍👦', 2],
  ['👩🏽‍🚀', 2],
  ['🇨🇳', 2],
  ['1️⃣', 2],
  ['…–“”é', 5],
])('%j takes %d cells', (text, width) => {
  expect(unicodeCells.widthOf(text)).toBe(width);
});

it.each(['…–“”', 'é ß ñ ø', '\u001b[1mstrong\u001b[22m', 'identity-install'])(
  'without the tables %j is counted alike',
  (text) => {
    expect(latinCells.widthOf(text)).toBe(unicodeCells.widthOf(text));
  },
);

it.each([
  ['Latin text', 1],
  ['“quoted” – and more…', 1],
  ['店铺', 2],
  ['e\u0301', 2],
  ['❤️', 2],
])('a text with %j is made %d times', async (text, times) => {
  const render = vi.fn((cells: typeof latinCells) => String(cells.widthOf(text)));
  expect(await renderInCells(render)).toBe(String(unicodeCells.widthOf(text)));
  expect(render).toHaveBeenCalledTimes(times);
});
