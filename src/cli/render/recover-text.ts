import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import type { RenderContext } from './context.ts';
import { textOf } from './sections.ts';
import { recoveredLines } from './warnings.ts';

/** What `identity recover` found and recovered. */
export function renderRecover(
  recovered: readonly RecoveredOperation[],
  { style, options, layout }: RenderContext,
): string {
  if (recovered.length > 0) return textOf([recoveredLines(recovered, style)], layout);
  return textOf(
    options.quiet ? [] : [['No operation was interrupted: nothing to recover.']],
    layout,
  );
}
