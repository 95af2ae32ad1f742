import { printable } from '../../core/printable.ts';
import type { CompileRun } from '../../authoring/compile.ts';
import type { RenderContext } from './context.ts';
import { textOf } from './sections.ts';

/** The brief itself, or where it went. */
export function renderCompile(
  { id, text, output }: CompileRun,
  { options, layout }: RenderContext,
): string {
  // A brief holds nothing that a terminal would obey, and is the same wherever it goes.
  if (output === null) return text;
  return textOf(options.quiet ? [] : [[`The brief of ${id} is in ${printable(output)}.`]], layout);
}
