import { printable } from '../../core/printable.ts';
import type { RegisterRun } from '../../operations/register/request.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { undoLines } from './next-steps.ts';
import { textOf } from './sections.ts';
import { recoveredLines, warningLines } from './warnings.ts';

/** Whether the local catalog changed, and how to undo that. */
export function renderRegister(
  run: RegisterRun,
  activate: boolean,
  context: RenderContext,
): string {
  const { style, options, layout } = context;
  const { id, catalog, packPath, operation, recovered } = run;
  const done = activate ? 'active, and the default' : 'registered';
  const word = operation === null ? `${done} already` : done;
  const headline = `${id} is ${word}.`;
  return textOf(
    [
      recoveredLines(recovered, style),
      warningLines(operation?.warnings ?? [], style),
      [
        ...(options.quiet ? [] : [operation === null ? headline : style.good(headline)]),
        ...factLines(
          [
            ['Catalog', options.quiet ? null : printable(catalog), 'path'],
            ['Pack', options.quiet || packPath === null ? null : printable(packPath), 'path'],
          ],
          context,
        ),
      ],
      operation === null ? [] : undoLines(operation.undo, context),
    ],
    layout,
  );
}
