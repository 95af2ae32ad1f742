import type { Layout } from './layout.ts';
import { widestPiece } from './wrap.ts';

export interface Column {
  readonly title?: string;
  readonly align?: 'left' | 'right';
  /**
   * What becomes of a cell that there is no room for: it stays as it is, loses its middle (a path)
   * or its end (a title), or goes on below, between words.
   */
  readonly fit?: 'whole' | 'middle' | 'end' | 'words';
  /** Left out where there is no room for it; shown where each field has a line of its own. */
  readonly optional?: boolean;
}

const gap = 2;
/** A shortened or wrapped cell narrower than that says nothing. */
const leastWidth = { middle: 12, end: 16, words: 16 };
/** Without a terminal, one endless cell must not push the others away. */
const widestAlone = 72;

/**
 * How wide each column is, undefined for one that is left out; undefined as a whole where the columns
 * do not fit. Columns that can give way share what the others leave: one that needs less than its
 * part has what it needs, the rest is parted evenly.
 */
export function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { columns: limit, cells }: Layout,
): (number | undefined)[] | undefined {
  const needs = columns.map((column, index) => {
    const texts = rows.map((row) => row[index] ?? '');
    const natural = Math.max(0, ...texts.map((text) => cells.widthOf(text)));
    const { fit = 'whole' } = column;
    if (limit === undefined || fit === 'whole') return { natural, least: natural };
    const piece =
      fit === 'words' ? Math.max(0, ...texts.map((text) => widestPiece(text, cells))) : 0;
    return { natural, least: Math.min(natural, Math.max(leastWidth[fit], piece)) };
  });
  const shown = needs.map(({ natural }) => natural > 0);
  if (limit === undefined) {
    return needs.map(({ natural }, index) =>
      shown[index] === true ? Math.min(natural, widestAlone) : undefined,
    );
  }
  const total = (): number =>
    needs.reduce((sum, { least }, index) => sum + (shown[index] === true ? least + gap : 0), -gap);
  for (const [index, { optional }] of columns.entries()) {
    if (optional === true && total() > limit) shown[index] = false;
  }
  const spare = limit - total();
  return spare < 0 ? undefined : share(needs, shown, spare);
}

interface Need {
  readonly natural: number;
  readonly least: number;
}

/** Widens the narrowest column that wants more, cell by cell, while there is something to give. */
function share(
  needs: readonly Need[],
  shown: readonly boolean[],
  spare: number,
): (number | undefined)[] {
  const widths = needs.map(({ least }, index) => (shown[index] === true ? least : undefined));
  for (let left = spare; left > 0; left -= 1) {
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
