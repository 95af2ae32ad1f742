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

/** Code points; exact for all but wide scripts, which only shift their own line. */
function length(cell: string): number {
  return Array.from(cell).length;
}
