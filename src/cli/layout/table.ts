import { columnWidths, type Column } from './column-widths.ts';
import { isNarrow, type Layout } from './layout.ts';
import { fixed, layOut, type Line } from './lines.ts';
import { shortenEnd, shortenMiddle } from './shorten.ts';
import { wrap } from './wrap.ts';

export type { Column } from './column-widths.ts';

export interface Table {
  readonly columns: readonly Column[];
  /** Cells without colours, one for each column. */
  readonly rows: readonly (readonly string[])[];
  /** How the line of titles is painted; without it there is no such line. */
  readonly paintTitles?: (line: string) => string;
}

/**
 * Rows as lines, columns two spaces apart. Where they do not fit the terminal, cells give way as their
 * columns say; where that is not enough, and on a narrow terminal, each field has a line of its own.
 */
export function tableLines(table: Table, layout: Layout): Line[] {
  const titles = table.columns.map(({ title = '' }) => title);
  const { paintTitles } = table;
  const all = paintTitles === undefined ? table.rows : [titles, ...table.rows];
  const widths = isNarrow(layout) ? undefined : columnWidths(table.columns, all, layout);
  if (widths === undefined) return table.rows.flatMap((row) => stacked(row, table.columns, layout));
  const lines = all.map((row) => aligned(row, table.columns, widths, layout));
  return lines.flatMap((row, index) =>
    row.map((line) => fixed(paintTitles !== undefined && index === 0 ? paintTitles(line) : line)),
  );
}

/** One row: as many lines as its longest cell takes, the cells below each other. */
function aligned(
  row: readonly string[],
  columns: readonly Column[],
  widths: readonly (number | undefined)[],
  { columns: limit, cells }: Layout,
): string[] {
  const blocks = row.flatMap((cell, index) => {
    const width = widths[index];
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
      .join('  ')
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

/** One field on a line, those after the first further in than its first word. */
function stacked(row: readonly string[], columns: readonly Column[], layout: Layout): Line[] {
  const [first = '', ...fields] = row;
  const mark = /^ *(?:[*=+~!-] )?/.exec(first)?.[0] ?? '';
  const indent = ' '.repeat(mark.length + 2);
  return [
    fixed(first),
    ...fields.flatMap((field, index): Line[] => {
      if (field === '') return [];
      const { title, fit = 'whole' } = columns[index + 1] ?? {};
      const label = title === undefined ? '' : `${title.toLowerCase()}: `;
      const text = `${indent}${label}`;
      if (fit === 'middle' && layout.columns !== undefined) {
        const room = layout.columns - layout.cells.widthOf(text);
        return [fixed(text + shortenMiddle(field, room, layout.cells))];
      }
      if (fit === 'whole') return [fixed(text + field)];
      return layOut([{ kind: 'hanging', text: text + field }], layout).map(fixed);
    }),
  ];
}
