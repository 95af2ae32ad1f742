import { expect, it } from 'vitest';
import { unicodeCells } from '../../../src/cli/layout/unicode-cells.ts';
import { widestPiece, wrap } from '../../../src/cli/layout/wrap.ts';
import { styleFor } from '../../../src/cli/render/style.ts';

it.each([
  ['short', 20, ['short']],
  ['', 20, ['']],
  ['one two three', 7, ['one two', 'three']],
  [
    'the path /a/very/long/path.md is not there',
    12,
    ['the path', '/a/very/long/path.md', 'is not there'],
  ],
  ['运行 报告 店铺经理', 9, ['运行 报告', '店铺经理']],
  ['店铺经理，负责商品', 9, ['店铺经', '理，负责', '商品']],
  ['店铺（经理）', 6, ['店铺', '（经', '理）']],
  ['in 店铺经理的', 8, ['in 店铺', '经理的']],
  ['is /home/李雷/店铺 there', 10, ['is', '/home/李雷/店铺', 'there']],
  ['see 运行/报告.md:3:5: no', 8, ['see', '运行/报告.md:3:5:', 'no']],
  ['run "identity list" then', 16, ['run', '"identity list"', 'then']],
  ['run `identity list` then', 16, ['run', '`identity list`', 'then']],
  ['run "identity list --all" now', 12, ['run', '"identity', 'list --all"', 'now']],
  ['👩🏽‍🚀👩🏽‍🚀👩🏽‍🚀', 4, ['👩🏽‍🚀👩🏽‍🚀', '👩🏽‍🚀']],
  ['e\u0301e\u0301 e\u0301', 2, ['e\u0301e\u0301', 'e\u0301']],
])('%j in %d cells is %j', (text, width, lines) => {
  expect(wrap(text, width, unicodeCells)).toEqual(lines);
});

it('gives the lines after the first less room where they hang', () => {
  expect(wrap('aa bb cc dd', 8, unicodeCells, 3)).toEqual(['aa bb cc', 'dd']);
  expect(wrap('aa bb cc dd ee', 8, unicodeCells, 3)).toEqual(['aa bb cc', 'dd ee']);
});

it('paints every line for itself', () => {
  const { bad, strong } = styleFor(true);
  expect(wrap(`${bad('one two')} three`, 4, unicodeCells)).toEqual([
    '\u001b[31mone\u001b[39m',
    '\u001b[31mtwo\u001b[39m',
    'three',
  ]);
  expect(wrap(strong(`a ${bad('b c')} d`), 3, unicodeCells)).toEqual([
    '\u001b[1ma \u001b[31mb\u001b[39m\u001b[22m',
    '\u001b[1m\u001b[31mc\u001b[39m d\u001b[22m',
  ]);
});

it('knows the widest part that stays whole', () => {
  expect(widestPiece('a /long/path.md 店铺经理', unicodeCells)).toBe(13);
  expect(widestPiece('店铺经理，', unicodeCells)).toBe(4);
});
