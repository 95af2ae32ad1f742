import stringWidth from 'string-width';
import type { Cells } from './cells.ts';

const segmenter = new Intl.Segmenter();

/** Counted with the Unicode tables: East Asian width, emoji sequences, combining marks. */
export const unicodeCells: Cells = {
  widthOf: (text) => stringWidth(text),
  clustersOf: (text) => Array.from(segmenter.segment(text), ({ segment }) => segment),
};
