import { expect, it } from 'vitest';
import { latinCells } from '../../../src/cli/layout/cells.ts';
import { helpPage } from '../../../src/cli/layout/help-page.ts';

const page = {
  usage: ['identity-install [id..] [options]', 'identity-install --list'],
  about: 'Installs or updates identity packs. By default no file that is there is changed.',
  sections: [
    {
      title: 'Where',
      rows: [
        ['--home <dir>', 'identity home to work on, which is made where there is none yet'],
        ['--an-option-that-is-rather-long <value>', 'says something'],
      ],
      meaning: 'beside',
    },
    {
      title: 'Examples',
      rows: [[`identity-install ${'long '.repeat(20)}`, 'do it']],
      meaning: 'below',
    },
    { title: 'Exit codes', rows: [['0', 'done']], meaning: 'beside-short' },
  ],
} as const;

const shown = (columns?: number) =>
  helpPage(page, { cells: latinCells, ...(columns !== undefined && { columns }) });

it('has terms beside their meaning, and commands whole', () => {
  expect(shown(60)).toBe(`Usage: identity-install [id..] [options]
       identity-install --list

Installs or updates identity packs. By default no file that
is there is changed.

Where
  --home <dir>                identity home to work on,
                              which is made where there is
                              none yet
  --an-option-that-is-rather-long <value>
                              says something

Examples
  identity-install ${'long '.repeat(20)}
      do it

Exit codes
  0     done
`);
});

it('has meanings below their terms on a narrow terminal', () => {
  expect(shown(40)).toContain(`
  --home <dir>
      identity home to work on, which is
      made where there is none yet
`);
});

it('is 80 columns wide in a file, and never wider than can be read', () => {
  expect(shown()).toBe(shown(80));
  expect(shown(400)).toBe(shown(100));
});
