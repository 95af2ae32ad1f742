import type { Cells } from './cells.ts';

/** Where text is laid out for. */
export interface Layout {
  /**
   * Width of the terminal. Absent where the text goes to a file or a program: columns are aligned,
   * and nothing is shortened or wrapped, so that every line can be found and cut apart by `grep`.
   */
  readonly columns?: number;
  readonly cells: Cells;
}

/** Below this many columns, rows are shown with one field on a line. */
const narrow = 60;

/** Whether rows of several fields have a chance to fit. */
export function isNarrow({ columns }: Layout): boolean {
  return columns !== undefined && columns < narrow;
}
