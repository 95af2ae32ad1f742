import type { Cells } from './cells.ts';

/** The terminal that text is laid out for. */
export interface Layout {
  /**
   * Width of the terminal. Absent if the text goes to a file or a program: columns are aligned, and
   * nothing is shortened or wrapped, so that `grep` and similar tools can process every line.
   */
  readonly columns?: number;
  readonly cells: Cells;
}

/** Below this many columns, rows are shown with one field on a line. */
const narrow = 60;

/** Whether rows of several fields can fit. */
export function isNarrow({ columns }: Layout): boolean {
  return columns !== undefined && columns < narrow;
}
