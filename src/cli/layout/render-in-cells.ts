import { latinCells, withoutColours, type Cells } from './cells.ts';

/** Printable Latin letters and punctuation: one cell each, nothing that combines. */
const latin = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

/**
 * The text that `render` makes with cells that are counted correctly. The tables for wide
 * characters and emoji take about as long to load as Node itself takes to start, so the text is
 * made without them first, and made again only if it contains a character that needs them. `render`
 * must be pure.
 */
export async function renderInCells(
  render: (cells: Cells) => string | Promise<string>,
): Promise<string> {
  const met = { others: false };
  const note = (text: string): string => {
    met.others ||= !latin.test(text);
    return text;
  };
  const text = await render({
    widthOf: (part) => note(withoutColours(part)).length,
    clustersOf: (part) => latinCells.clustersOf(note(part)),
  });
  if (!met.others) return text;
  const { unicodeCells } = await import('./unicode-cells.ts');
  return await render(unicodeCells);
}
