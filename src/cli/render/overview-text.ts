import { groups, type Row } from '../command/row.ts';
import { globalGroups } from '../options/global-options.ts';
import { helpPage, type HelpSection } from '../layout/help-page.ts';
import type { Layout } from '../layout/layout.ts';
import { optionSection } from './help-text.ts';

/** What `identity --help` shows: every command by its group, everyday ones first. */
export function renderOverview(rows: readonly Row[], layout: Layout): string {
  return helpPage(
    {
      usage: ['identity <command> [options]', 'identity help <command>'],
      about: 'Finds identities, and manages those that are installed or that you write.',
      sections: [
        ...groups
          .map((group) => commandSection(group, rows))
          .filter(({ rows: own }) => own.length > 0),
        ...globalGroups.map(optionSection),
        {
          title: 'Examples',
          rows: [
            ['identity verify', 'is everything as it was installed?'],
            ['identity help verify', 'everything about one command'],
          ],
          meaning: 'below',
        },
      ],
    },
    layout,
  );
}

function commandSection(group: Row['group'], rows: readonly Row[]): HelpSection {
  return {
    title: `${group.charAt(0).toUpperCase()}${group.slice(1)}`,
    rows: rows.filter((row) => row.group === group).map(({ name, about }) => [name, about]),
    meaning: 'beside',
  };
}
