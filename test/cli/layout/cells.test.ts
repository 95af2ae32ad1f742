import { expect, it } from 'vitest';
import { latinCells } from '../../../src/cli/layout/cells.ts';
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
