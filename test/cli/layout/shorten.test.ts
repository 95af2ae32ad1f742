import { expect, it } from 'vitest';
import { unicodeCells } from '../../../src/cli/layout/unicode-cells.ts';
import { shortenEnd, shortenMiddle } from '../../../src/cli/layout/shorten.ts';

it.each([
  ['a/b.md', 6, 'a/b.md'],
  ['runtime/reports/install.json', 16, 'runtim…tall.json'],
  ['abcdef', 5, 'a…def'],
  ['店铺经理的报告', 9, '店铺…报告'],
  ['运行/报告.md', 11, '运行/…告.md'],
  ['👩🏽‍🚀👩🏽‍🚀👩🏽‍🚀👩🏽‍🚀', 7, '👩🏽‍🚀…👩🏽‍🚀👩🏽‍🚀'],
  ['e\u0301e\u0301e\u0301e\u0301e\u0301', 4, 'e\u0301…e\u0301e\u0301'],
  ['abc', 1, '…'],
  ['abc', 0, '…'],
])('%j in %d cells, without its middle, is %j', (text, width, short) => {
  expect(shortenMiddle(text, width, unicodeCells)).toBe(short);
});

it.each([
  ['店铺经理', 8, '店铺经理'],
  ['店铺经理', 7, '店铺经…'],
  ['店铺经理', 6, '店铺…'],
  ['a title', 3, 'a…'],
  ['e\u0301a', 2, 'e\u0301a'],
])('%j in %d cells, without its end, is %j', (text, width, short) => {
  expect(shortenEnd(text, width, unicodeCells)).toBe(short);
});
