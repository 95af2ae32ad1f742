/**
 * The first table under a heading of a Markdown document, as one object per row, keyed by the
 * table's own head. Code marks around a cell are left out.
 */
export function tableUnder(document: string, heading: string): Record<string, string>[] {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.endsWith(` ${heading}`));
  if (start === -1) throw new Error(`There is no heading "${heading}".`);
  const first = lines.findIndex((line, index) => index > start && line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  const [head = [], , ...rows] = lines.slice(first, first + length).map(cellsOf);
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])));
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}
