import { printable } from '../../core/printable.ts';
import type { HistoryRun } from '../../inspection/history/list-history.ts';
import { homeLayout } from '../../instance/layout.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { textOf } from './sections.ts';

/**
 * The details that the table of a history leaves out: the run and the evidence of each operation,
 * and its undo.
 */
export function renderHistoryDetails(
  { home, operations }: HistoryRun,
  context: RenderContext,
): string {
  const { evidence } = homeLayout(home);
  return textOf(
    operations.map(({ ref, id, runId, undo }) => [
      `${context.style.strong(printable(ref))}  ${printable(id)}`,
      ...factLines(
        [
          ['Run', printable(runId)],
          ['Evidence', printable(evidence(ref)), 'whole'],
          ['Undo', undo === null ? null : printable(undo), 'whole'],
        ],
        context,
      ),
    ]),
    context.layout,
  );
}
