/** A page of help, before it is laid out. */
export interface HelpPage {
  readonly usage: readonly string[];
  readonly about: string;
  readonly sections: readonly HelpSection[];
}

export interface HelpSection {
  readonly title: string;
  readonly rows: readonly (readonly [label: string, meaning: string])[];
  /** Where the meaning stands; `beside-short` where all labels are a few letters long. */
  readonly meaning: 'beside' | 'beside-short' | 'below';
}

const width = 80;

/** The page as text, at most 80 columns wide. */
export function helpPage({ usage, about, sections }: HelpPage): string {
  return [
    ...usage.map((line, index) => `${index === 0 ? 'Usage:' : '      '} ${line}`),
    '',
    ...wrap(about, width),
    ...sections.flatMap(({ title, rows, meaning }) => [
      '',
      title,
      ...(meaning === 'below'
        ? rows.flatMap(([label, describe]) => [`  ${label}`, `      ${describe}`])
        : twoColumns(rows, meaning === 'beside' ? 26 : 8)),
    ]),
    '',
  ].join('\n');
}

function twoColumns(rows: HelpSection['rows'], least: number): string[] {
  const left = Math.max(least, ...rows.map(([label]) => label.length + 4));
  return rows.flatMap(([label, describe]) => {
    const [first = '', ...more] = wrap(describe, width - left);
    return [
      `  ${label.padEnd(left - 2)}${first}`,
      ...more.map((line) => `${' '.repeat(left)}${line}`),
    ];
  });
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
