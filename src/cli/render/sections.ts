/** Sections with a blank line between them, empty ones left out; no sections, no text. */
export function textOf(sections: readonly (readonly string[])[]): string {
  const filled = sections.filter((section) => section.length > 0);
  return filled.length === 0 ? '' : `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
