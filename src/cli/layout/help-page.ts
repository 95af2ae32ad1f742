import { fixed, hanging, layOut, type Line } from './lines.ts';
import { isNarrow, type Layout } from './layout.ts';
import { wrap } from './wrap.ts';

/** Terms with their meanings. */
export interface HelpSection {
  readonly title: string;
  readonly rows: readonly (readonly [term: string, meaning: string])[];
  /**
   * `beside`: the meaning in a second column. `beside-short`: the same for terms of few letters.
   * `below`: for command lines, which are never broken.
   */
  readonly meaning: 'beside' | 'beside-short' | 'below';
}

export interface HelpPage {
  readonly usage: readonly string[];
  readonly about: string;
  readonly sections: readonly HelpSection[];
}

/** The width of a pager or a file is unknown; longer lines are hard to read. */
const unknownWidth = 80;
const widest = 100;

/** The text of `--help`: usage, what it is about, and sections with a blank line between them. */
export function helpPage({ usage, about, sections }: HelpPage, layout: Layout): string {
  const columns = Math.min(widest, layout.columns ?? unknownWidth);
  const page: Layout = { columns, cells: layout.cells };
  const lines: Line[] = [
    ...usage.flatMap((line, index) => usageLines(line, index === 0, page)),
    '',
    about,
    ...sections.flatMap((section) => ['', section.title, ...sectionLines(section, page)]),
    '',
  ];
  return layOut(lines, page).join('\n');
}

function usageLines(line: string, isFirst: boolean, page: Layout): Line[] {
  const label = isFirst ? 'Usage: ' : '       ';
  const { columns = unknownWidth, cells } = page;
  const [first = '', ...more] = wrap(line, columns - label.length, cells, 4);
  return [label + first, ...more.map((rest) => `${' '.repeat(label.length + 4)}${rest}`)].map(
    fixed,
  );
}

function sectionLines({ rows, meaning }: HelpSection, page: Layout): Line[] {
  if (meaning === 'below') {
    return rows.flatMap(([command, means]) => [fixed(`  ${command}`), `      ${means}`]);
  }
  const least = meaning === 'beside' ? 26 : 8;
  return isNarrow(page)
    ? rows.flatMap(([term, means]) => [hanging(`  ${term}`), `      ${means}`])
    : twoColumns(rows, least, page);
}

/** Terms that leave less than half of the line for their meaning are put above it. */
function twoColumns(rows: HelpSection['rows'], least: number, page: Layout): Line[] {
  const { columns = unknownWidth, cells } = page;
  const widestTerm = Math.max(...rows.map(([term]) => cells.widthOf(term)));
  const left = Math.min(Math.floor(columns / 2), Math.max(least, widestTerm + 4));
  const space = ' '.repeat(left);
  return rows.flatMap(([term, means]) => {
    const start = `  ${term}`.padEnd(left);
    const [first = '', ...more] = wrap(means, columns - left, cells);
    return start.endsWith(' ') && cells.widthOf(start) === left
      ? [start + first, ...more.map((line) => space + line)].map(fixed)
      : [start, space + first, ...more.map((line) => space + line)].map(fixed);
  });
}
