/** How a terminal counts text: in cells. A wide character takes two, a combining mark zero. */
export interface Cells {
  /** The cells that a text takes; escape sequences for colours take zero. */
  readonly widthOf: (text: string) => number;
  /** The text in the smallest pieces that a terminal shows as one character. */
  readonly clustersOf: (text: string) => readonly string[];
}

/** Printable Latin letters and punctuation: one cell each, nothing that combines. */
const latin = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

/** One cell a character, which is right for Latin text and a guess for any other. */
export const latinCells: Cells = {
  widthOf: (text) => withoutColours(text).length,
  clustersOf: (text) => Array.from(text),
};

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

const colours = /\u001b\[\d+m/g;

function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replace(colours, '') : text;
}
