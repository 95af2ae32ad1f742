import { columnWidths, gap, type Column, type Widths } from './column-widths.ts';
import { isNarrow, type Layout } from './layout.ts';
import { fixed, hanging, layOut, type Line } from './lines.ts';
import { shortenEnd, shortenMiddle } from './shorten.ts';
import { wrap } from './wrap.ts';

export type { Column } from './column-widths.ts';

export interface Table {
  readonly columns: readonly Column[];
  /** Cells without colours, one for each column. */
  readonly rows: readonly (readonly string[])[];
  /** How the line of titles is painted; without it there is no such line. */
  readonly paintTitles?: (line: string) => string;
  /** The column whose start the cells below a row are aligned with; without it, its first word. */
  readonly alignBelow?: number;
}

/**
 * Rows as lines, columns two spaces apart. If they do not fit the terminal, cells are shortened or
 * wrapped as their columns say; if that is not enough, and on a narrow terminal, each field has a
 * line of its own.
 */
export function tableLines(table: Table, layout: Layout): Line[] {
  const { columns, rows, paintTitles } = table;
  const titles = columns.map(({ title = '' }) => title);
  const all = paintTitles === undefined ? rows : [titles, ...rows];
  const widths = isNarrow(layout) ? undefined : columnWidths(columns, all, layout);
  if (widths === undefined) return rows.flatMap((row) => stacked(row, columns, layout));
  const head =
    paintTitles === undefined
      ? []
      : besideLines(titles, columns, widths, layout).map((line) => paintTitles(line));
  return [
    ...head,
    ...rows.flatMap((row) => [
      ...besideLines(row, columns, widths, layout),
      ...belowLines(row, table, widths, layout),
    ]),
  ].map(fixed);
}

/** The lines of a row, as many as its longest cell takes. */
function besideLines(
  row: readonly string[],
  columns: readonly Column[],
  { beside }: Widths,
  { columns: limit, cells }: Layout,
): string[] {
  const blocks = row.flatMap((cell, index) => {
    const width = beside[index];
    if (width === undefined) return [];
    const { fit = 'whole', align = 'left' } = columns[index] ?? {};
    const lines = limit === undefined ? [cell] : fitted(cell, fit, width, cells);
    return [{ width, align, lines }];
  });
  const height = Math.max(...blocks.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    blocks
      .map(({ width, align, lines }) => {
        const text = lines[at] ?? '';
        const space = ' '.repeat(Math.max(0, width - cells.widthOf(text)));
        return align === 'right' ? space + text : text + space;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

function fitted(
  cell: string,
  fit: NonNullable<Column['fit']>,
  width: number,
  cells: Layout['cells'],
): string[] {
  switch (fit) {
    case 'whole':
      return [cell];
    case 'middle':
      return [shortenMiddle(cell, width, cells)];
    case 'end':
      return [shortenEnd(cell, width, cells)];
    case 'words':
      return wrap(cell, width, cells);
  }
}

/** The cells below a row. */
function belowLines(
  row: readonly string[],
  { alignBelow }: Table,
  { beside, below }: Widths,
  layout: Layout,
): string[] {
  const start =
    alignBelow === undefined
      ? indentBelow(row[0] ?? '')
      : beside
          .slice(0, alignBelow)
          .reduce<number>((sum, width) => sum + (width === undefined ? 0 : width + gap), 0);
  const cells = below.map((index) => row[index] ?? '').filter((cell) => cell !== '');
  return layOut(
    cells.map((cell) => ' '.repeat(start) + cell),
    layout,
  );
}

/** One field on a line, those after the first further in than its first word. */
function stacked(row: readonly string[], columns: readonly Column[], layout: Layout): Line[] {
  const [first = '', ...fields] = row;
  const indent = ' '.repeat(indentBelow(first));
  return [
    fixed(first),
    ...fields.flatMap((field, index): Line[] => {
      if (field === '') return [];
      const { title, fit = 'whole' } = columns[index + 1] ?? {};
      const label = title === undefined ? indent : `${indent}${title.toLowerCase()}: `;
      if (fit === 'middle' && layout.columns !== undefined) {
        const room = layout.columns - layout.cells.widthOf(label);
        return [fixed(label + shortenMiddle(field, room, layout.cells))];
      }
      return fit === 'whole' ? [fixed(label + field)] : [hanging(label + field)];
    }),
  ];
}

/** Two cells further in than the first word of a row, which may have a mark before it. */
function indentBelow(first: string): number {
  return (/^ *(?:[*=+~!-] )?/.exec(first)?.[0].length ?? 0) + 2;
}
