export type Alignment = 'left' | 'right';

/**
 * Rows as lines, columns two spaces apart, each as wide as its widest cell but no wider than
 * `widest`: one endless path must not push the others off the screen. No trailing space.
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  alignment: readonly Alignment[] = [],
  widest = 72,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.min(widest, Math.max(widths[column] ?? 0, length(cell)));
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, alignment[column] ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}

function pad(cell: string, width: number, alignment: Alignment): string {
  const space = ' '.repeat(Math.max(0, width - length(cell)));
  return alignment === 'right' ? space + cell : cell + space;
}

/** A line no wider than a terminal: what is too much gives way to an ellipsis. */
export function clip(line: string, columns: number): string {
  if (length(line) <= columns) return line;
  let shown = '';
  let left = columns - 1;
  for (const character of line) {
    left -= cells(character);
    if (left < 0) break;
    shown += character;
  }
  return `${shown.trimEnd()}…`;
}

/** How many cells of a terminal a text takes. */
function length(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + cells(character), 0);
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const combining = /\p{M}/u;

function cells(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
