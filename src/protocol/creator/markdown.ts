/** A user's line of text inside a Markdown document, whose structure it must not change. */

/** As a paragraph of its own. Emphasis, links and lists keep their meaning. */
export function paragraph(line: string): string {
  return startsBlock.test(line) ? `\\${line}` : line;
}

/**
 * What would begin a heading, a code fence or HTML that reaches to the end of the document, or a
 * link definition, which is not shown at all.
 */
const startsBlock = /^(?:#{1,6}(?:\s|$)|```|~~~|<[a-z!?/]|\[[^\]]*\]:)/i;

/** As code, whatever backticks it holds. */
export function inCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(text) ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}
