import { expect, it, vi } from 'vitest';
import type { Cells } from '../../../src/cli/layout/cells.ts';
import { renderInCells } from '../../../src/cli/layout/render-in-cells.ts';
import { unicodeCells } from '../../../src/cli/layout/unicode-cells.ts';

it.each([
  ['Latin text', 1],
  ['“quoted” – and more…', 1],
  ['店铺', 2],
  ['e\u0301', 2],
  ['❤️', 2],
])('a text with %j is made %d times', async (text, times) => {
  const render = vi.fn((cells: Cells) => String(cells.widthOf(text)));
  expect(await renderInCells(render)).toBe(String(unicodeCells.widthOf(text)));
  expect(render).toHaveBeenCalledTimes(times);
});
