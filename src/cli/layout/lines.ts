import type { Layout } from './layout.ts';
import { wrap } from './wrap.ts';

/** A line that is already laid out, or will be copied, so that it must not be broken. */
interface FixedLine {
  readonly kind: 'fixed';
  readonly text: string;
}

/** A text whose continuation lines are indented, so that several of them can be distinguished. */
interface HangingLine {
  readonly kind: 'hanging';
  readonly text: string;
}

/** A label and a text to copy: beside it if there is room, otherwise on a separate line. */
interface LabelledLine {
  readonly kind: 'labelled';
  readonly label: string;
  readonly text: string;
  /** A remark about it, in brackets. */
  readonly note: string;
}

/** One line of a result, before it is known how wide the terminal is. A string is wrapped. */
export type Line = string | FixedLine | HangingLine | LabelledLine;

export function fixed(text: string): Line {
  return { kind: 'fixed', text };
}

export function hanging(text: string): Line {
  return { kind: 'hanging', text };
}

export function labelled(label: string, text: string, note = ''): Line {
  return { kind: 'labelled', label, text, note };
}

/** The lines as they are printed. */
export function layOut(lines: readonly Line[], layout: Layout): string[] {
  return lines.flatMap((line) => {
    if (typeof line === 'string') return wrapped(line, 0, layout);
    switch (line.kind) {
      case 'fixed':
        return [line.text];
      case 'hanging':
        return wrapped(line.text, 2, layout);
      case 'labelled':
        return withLabel(line, layout);
    }
  });
}

/** The minimum width of a line; narrower ones would be single letters. */
const leastRoom = 12;

/** Wrapped at its own indent, with continuation lines `hang` cells further in. */
function wrapped(text: string, hang: number, layout: Layout): string[] {
  const { columns, cells } = layout;
  if (columns === undefined || cells.widthOf(text) <= columns) return [text];
  const words = text.trimStart();
  const indent = text.slice(0, text.length - words.length);
  const more = indent + ' '.repeat(hang);
  const room = Math.max(leastRoom, columns - indent.length);
  const [first = '', ...rest] = wrap(words, room, cells, hang);
  return [indent + first, ...rest.map((line) => more + line)];
}

function withLabel({ label, text, note }: LabelledLine, layout: Layout): string[] {
  const { columns = Infinity, cells } = layout;
  const whole = `${label} ${text}${note === '' ? '' : `  (${note})`}`;
  if (cells.widthOf(whole) <= columns) return [whole];
  const alone = `${label.replace(/:$/, '')}${note === '' ? '' : ` (${note})`}:`;
  return [...wrapped(alone, 2, layout), `  ${text}`];
}
