import type { CommandPage } from '../command/command.ts';
import { helpPage, type HelpSection } from '../layout/help-page.ts';
import type { Layout } from '../layout/layout.ts';
import type { Option } from '../options/option.ts';

/** The help of a program or command, laid out for its terminal. */
export function renderHelp(
  { usage, about, options, examples, exits }: CommandPage,
  layout: Layout,
): string {
  const meanings = new Map<number, string>([...everyExit, ...exits]);
  const codes = [...meanings].sort(([left], [right]) => left - right);
  return helpPage(
    {
      usage,
      about,
      sections: [
        ...options.map(optionSection),
        { title: 'Examples', rows: examples, meaning: 'below' },
        {
          title: 'Exit codes',
          rows: codes.map(([code, meaning]) => [String(code), meaning] as const),
          meaning: 'beside-short',
        },
      ],
    },
    layout,
  );
}

export function optionSection({ title, options }: CommandPage['options'][number]): HelpSection {
  return {
    title,
    rows: options.map((option) => [optionLabel(option), option.describe]),
    meaning: 'beside',
  };
}

function optionLabel(option: Option): string {
  const alias = option.alias === undefined ? '' : `-${option.alias}, `;
  return `${alias}--${option.name}${option.kind === 'flag' ? '' : ` ${option.value}`}`;
}

/** What a code means unless a command is more specific. */
const everyExit: CommandPage['exits'] = [
  [2, 'the command line is not understood'],
  [3, 'the home or the instance refuses: locked, changed, unsafe place'],
  [6, 'a snapshot, record or ledger fails verification'],
  [70, 'a defect in the program'],
  [130, 'interrupted'],
];
