import { printable } from '../../core/printable.ts';
import type { CompileRun } from '../../authoring/compile.ts';
import type { RenderContext } from './context.ts';
import { textOf } from './sections.ts';

/** The brief itself, or where it was written. */
export function renderCompile(
  { id, text, output }: CompileRun,
  { options, layout }: RenderContext,
): string {
  // A brief contains nothing that a terminal would interpret, and is the same for every output.
  if (output === null) return text;
  return textOf(options.quiet ? [] : [[`The brief of ${id} is in ${printable(output)}.`]], layout);
}
