import type { Layout } from './layout.ts';
import { widestPiece } from './wrap.ts';

export interface Column {
  readonly title?: string;
  readonly align?: 'left' | 'right';
  /**
   * What happens to a cell that does not fit: it stays unchanged, loses its middle (a path) or its
   * end (a title), or is wrapped between words; if that would make a narrow column, it is put below
   * its row.
   */
  readonly fit?: 'whole' | 'middle' | 'end' | 'words';
  /** The minimum width in a row, if the default of its kind does not fit. */
  readonly least?: number;
  /** Left out if there is no room for it; shown if each field has a line of its own. */
  readonly optional?: boolean;
}

/** How the columns of a table fit the terminal. */
export interface Widths {
  /** Of each column; undefined for one that is left out of the row. */
  readonly beside: readonly (number | undefined)[];
  /** The columns whose cells stand below the row. */
  readonly below: readonly number[];
}

export const gap = 2;
/** The minimum width at which a shortened or wrapped cell is useful. */
const leastWidth = { middle: 24, end: 16, words: 48 };
/** Without a terminal, one endless cell must not push the others away. */
const widestAlone = 72;

/**
 * The width of each column; undefined if they do not fit. Columns that can shrink share what the
 * others leave: one that needs less than its share gets what it needs, the rest is divided evenly.
 */
export function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  layout: Layout,
): Widths | undefined {
  const needs = columns.map((column, index) =>
    needOf(
      column,
      rows.map((row) => row[index] ?? ''),
      layout,
    ),
  );
  const shown = needs.map(({ natural }) => natural > 0);
  const { columns: limit } = layout;
  if (limit === undefined) {
    const beside = needs.map(({ natural }, index) =>
      shown[index] === true ? Math.min(natural, widestAlone) : undefined,
    );
    return { beside, below: [] };
  }
  const isTooWide = (): boolean =>
    needs.reduce((sum, { least }, index) => sum + (shown[index] === true ? least + gap : 0), -gap) >
    limit;
  const below: number[] = [];
  for (const [index, { optional }] of columns.entries()) {
    if (optional === true && isTooWide()) shown[index] = false;
  }
  for (const [index, { fit }] of columns.entries()) {
    if (fit !== 'words' || shown[index] !== true || !isTooWide()) continue;
    shown[index] = false;
    below.push(index);
  }
  return isTooWide() ? undefined : { beside: share(needs, shown, limit), below };
}

interface Need {
  readonly natural: number;
  readonly least: number;
}

function needOf(
  { fit = 'whole', least }: Column,
  texts: readonly string[],
  { columns, cells }: Layout,
): Need {
  const natural = Math.max(0, ...texts.map((text) => cells.widthOf(text)));
  if (columns === undefined || fit === 'whole') return { natural, least: natural };
  const pieces = fit === 'words' ? texts.map((text) => widestPiece(text, cells)) : [];
  return { natural, least: Math.min(natural, Math.max(least ?? leastWidth[fit], ...pieces)) };
}

/** Widens the narrowest column that needs more, cell by cell, while there is room. */
function share(
  needs: readonly Need[],
  shown: readonly boolean[],
  limit: number,
): (number | undefined)[] {
  const widths = needs.map(({ least }, index) => (shown[index] === true ? least : undefined));
  const used = widths.reduce<number>(
    (sum, width) => sum + (width === undefined ? 0 : width + gap),
    0,
  );
  for (let left = limit + gap - used; left > 0; left -= 1) {
    let narrowest: number | undefined;
    for (const [index, { natural }] of needs.entries()) {
      const width = widths[index];
      if (width === undefined || width >= natural) continue;
      if (narrowest === undefined || width < (widths[narrowest] ?? 0)) narrowest = index;
    }
    if (narrowest === undefined) break;
    widths[narrowest] = (widths[narrowest] ?? 0) + 1;
  }
  return widths;
}
