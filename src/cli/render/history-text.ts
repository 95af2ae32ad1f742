import { printable } from '../../core/printable.ts';
import type { HistoryRun, OperationSummary } from '../../inspection/history/list-history.ts';
import { fixed } from '../layout/lines.ts';
import { tableLines } from '../layout/table.ts';
import type { RenderContext } from './context.ts';
import { fold } from './fold.ts';
import { headLine } from './ledger-head.ts';
import { textOf } from './sections.ts';
import { pendingLines } from './warnings.ts';
import { shellWords, valueWords } from '../options/shell-words.ts';

/** The operations of a home, newest first, and how to undo one of them. */
export function renderHistory(
  { home, head: ledgerHead, operations, pending }: HistoryRun,
  { style, options, launcher, layout }: RenderContext,
): string {
  if (operations.length === 0) {
    const nothing = `Nothing was installed or rolled back in ${printable(home)} yet.`;
    return textOf(
      [pendingLines({ pending, home }, { style, launcher }), options.quiet ? [] : [nothing]],
      layout,
    );
  }
  const newestFirst = [...operations].sort((left, right) => (left.ref < right.ref ? 1 : -1));
  const { shown, more } = fold(newestFirst, 40, options.verbose);
  const table = tableLines(
    {
      columns: [
        // A reference begins with the time, too.
        { title: 'WHEN (UTC)', optional: true },
        { title: 'REFERENCE' },
        { title: 'IDENTITY', fit: 'middle' },
        { title: 'WHAT', fit: 'words', least: 32 },
      ],
      rows: shown.map((each) => [
        each.at.slice(0, 19).replace('T', ' '),
        printable(each.ref),
        printable(each.id),
        `${each.operation} ${printable(each.summary)}${fate(each)}`,
      ]),
      paintTitles: style.strong,
    },
    layout,
  );
  const undo = `${launcher('identity-rollback')} <reference> ${shellWords(valueWords('home', home))}`;
  return textOf(
    [
      pendingLines({ pending, home }, { style, launcher }),
      [...table, ...more],
      options.quiet
        ? []
        : [
            ...headLine(ledgerHead, operations.length),
            'To undo one:',
            fixed(`  ${printable(undo)}`),
          ],
    ],
    layout,
  );
}

function fate({ outcome, undoneBy }: OperationSummary): string {
  if (outcome === 'aborted') return ', aborted: nothing changed';
  return undoneBy === null ? '' : `, undone by ${printable(undoneBy)}`;
}
