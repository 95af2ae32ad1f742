/** A stretch of a text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Code {
  /** Its position in the plain text. */
  readonly at: number;
  readonly sequence: string;
}

/**
 * A text with colours, cut into the ranges that `cut` finds in the same text without them. Each
 * line is painted on its own: it ends the colours that it began, so that an indent before the next
 * one stays unpainted.
 */
export function cutPainted(text: string, cut: (plain: string) => readonly Range[]): string[] {
  if (!text.includes('\u001b')) return cut(text).map(({ start, end }) => text.slice(start, end));
  const { plain, codes } = strip(text);
  return cut(plain).map((range) => paint(plain, range, codes));
}

function strip(text: string): { plain: string; codes: readonly Code[] } {
  let plain = '';
  const codes: Code[] = [];
  for (const part of text.split(/(\u001b\[\d+m)/)) {
    if (part.startsWith('\u001b[')) codes.push({ at: plain.length, sequence: part });
    else plain += part;
  }
  return { plain, codes };
}

/** What ends each colour or weight (render/style.ts). */
const closing: ReadonlyMap<string, string> = new Map([
  ['\u001b[1m', '\u001b[22m'],
  ['\u001b[2m', '\u001b[22m'],
  ...[31, 32, 33].map((colour) => [`\u001b[${colour}m`, '\u001b[39m'] as const),
]);

function paint(plain: string, { start, end }: Range, codes: readonly Code[]): string {
  let open: string[] = [];
  let line = '';
  let at = start;
  const apply = (sequence: string): void => {
    open = closing.has(sequence)
      ? [...open, sequence]
      : open.filter((each) => closing.get(each) !== sequence);
  };
  for (const { at: place, sequence } of codes) {
    if (place >= end) break;
    if (place <= start) {
      apply(sequence);
      continue;
    }
    line += (line === '' ? open.join('') : '') + plain.slice(at, place) + sequence;
    apply(sequence);
    at = place;
  }
  line += (line === '' ? open.join('') : '') + plain.slice(at, end);
  return (
    line +
    open
      .toReversed()
      .map((each) => closing.get(each) ?? '')
      .join('')
  );
}
