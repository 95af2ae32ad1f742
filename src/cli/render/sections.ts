import type { Layout } from '../layout/layout.ts';
import { layOut, type Line } from '../layout/lines.ts';

/** Sections with a blank line between them, empty ones left out; no sections, no text. */
export function textOf(sections: readonly (readonly Line[])[], layout: Layout): string {
  const filled = sections.filter((section) => section.length > 0);
  if (filled.length === 0) return '';
  return `${filled.map((lines) => layOut(lines, layout).join('\n')).join('\n\n')}\n`;
}
