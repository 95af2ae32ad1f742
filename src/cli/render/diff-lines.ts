import { printable } from '../../core/printable.ts';
import type { FileDiff } from '../../operations/install/diffs.ts';
import { fixed, type Line } from '../layout/lines.ts';
import type { Style } from './style.ts';

/**
 * The unified diffs one after the other, never wrapped: they are content. Tabs stay, every other
 * character that moves a cursor is escaped.
 */
export function diffLines(diffs: readonly FileDiff[], style: Style): Line[] {
  return diffs.flatMap(({ path, text }) =>
    text === null
      ? [`${printable(path)}: not text, no diff is shown`]
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => fixed(colourLine(line.split('\t').map(printable).join('\t'), style))),
  );
}

function colourLine(line: string, style: Style): string {
  if (/^(?:\+\+\+|---|===)/.test(line)) return style.strong(line);
  if (line.startsWith('+')) return style.good(line);
  if (line.startsWith('-')) return style.bad(line);
  return line.startsWith('@@') ? style.faint(line) : line;
}
