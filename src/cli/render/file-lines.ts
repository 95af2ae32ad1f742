import { printable } from '../../core/printable.ts';
import type { EntryState } from '../../core/entry.ts';
import type { Layout } from '../layout/layout.ts';
import type { Line } from '../layout/lines.ts';
import { tableLines } from '../layout/table.ts';
import { fold } from './fold.ts';
import { humanSize } from './size.ts';

/** The symbol is for scanning, the word for reading: `+ added`. */
export type Symbol = '+' | '~' | '-' | '=' | '!';

export interface FileLine {
  readonly symbol: Symbol;
  readonly word: string;
  readonly path: string;
  /** Bytes; undefined if there is no file to measure. */
  readonly size?: number | undefined;
  readonly note?: string;
}

/** One aligned row a file: symbol, word, path, size, note. Paths are escaped here. */
export function fileLines(files: readonly FileLine[], layout: Layout): Line[] {
  return tableLines(
    {
      columns: [{}, { fit: 'middle' }, { align: 'right' }, { fit: 'words' }],
      alignBelow: 1,
      rows: files.map(({ symbol, word, path, size, note }) => [
        `  ${symbol} ${word}`,
        printable(path),
        size === undefined ? '' : humanSize(size),
        note ?? '',
      ]),
    },
    layout,
  );
}

/** The same of the first `limit` files, and how many more there are. */
export function foldedFileLines(
  files: readonly FileLine[],
  limit: number,
  { verbose, layout }: { readonly verbose: boolean; readonly layout: Layout },
): Line[] {
  const { shown, more } = fold(files, limit, verbose);
  return [...fileLines(shown, layout), ...more];
}

export function sizeOf(state: EntryState): number | undefined {
  return state.kind === 'file' ? state.size : undefined;
}
