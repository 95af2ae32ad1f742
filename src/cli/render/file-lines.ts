import { printable } from '../../core/printable.ts';
import type { EntryState } from '../../core/entry.ts';
import { alignColumns } from './columns.ts';
import { humanSize } from './size.ts';

/** The symbol is for the eye, the word for the reader: `+ added`. */
export type Symbol = '+' | '~' | '-' | '=' | '!';

export interface FileLine {
  readonly symbol: Symbol;
  readonly word: string;
  readonly path: string;
  /** Bytes; undefined where there is no file to measure. */
  readonly size?: number | undefined;
  readonly note?: string;
}

/** One aligned line a file: symbol, word, path, size, note. Paths are escaped here. */
export function fileLines(lines: readonly FileLine[]): string[] {
  const sized = lines.some((line) => line.size !== undefined);
  const rows = lines.map(({ symbol, word, path, size, note }) => [
    `  ${symbol} ${word}`,
    printable(path),
    ...(sized ? [size === undefined ? '' : humanSize(size)] : []),
    note ?? '',
  ]);
  return alignColumns(rows, sized ? ['left', 'left', 'right'] : []);
}

export function sizeOf(state: EntryState): number | undefined {
  return state.kind === 'file' ? state.size : undefined;
}
