import type { Cells } from './cells.ts';
import { cutPainted, type Range } from './painted.ts';

/**
 * A text as lines no wider than `width`, broken at spaces and between wide characters. A word that
 * is wider than a line (a path, a digest) is put on a separate line and not broken, because it may
 * be copied. Colours continue in the next line. The lines after the first have `hang` cells less.
 */
export function wrap(text: string, width: number, cells: Cells, hang = 0): string[] {
  return cutPainted(text, (plain) => {
    const lines: Range[] = [];
    let line: Range | undefined;
    for (const piece of piecesOf(plain, width - hang, cells)) {
      const room = lines.length === 0 ? width : width - hang;
      if (line === undefined) line = piece;
      else if (cells.widthOf(plain.slice(line.start, piece.end)) <= room) {
        line = { start: line.start, end: piece.end };
      } else {
        lines.push(line);
        line = piece;
      }
    }
    return [...lines, line ?? { start: 0, end: 0 }];
  });
}

/** The width of the widest part that `wrap` never breaks. */
export function widestPiece(text: string, cells: Cells): number {
  return piecesOf(text, 0, cells).reduce(
    (widest, { start, end }) => Math.max(widest, cells.widthOf(text.slice(start, end))),
    0,
  );
}

/** A word; quoted text counts as one as well, so that a short command stays together. */
const word = /(?:"[^"\s][^"]{0,38}"|`[^`\s][^`]{0,38}`|[^\s"`]|["`])+/g;

/** The parts that stay on one line, in order; quoted text only if it fits into one. */
function piecesOf(text: string, width: number, cells: Cells): Range[] {
  return [...text.matchAll(word)].flatMap(({ 0: found, index }) => {
    if (!found.includes(' ') || cells.widthOf(found) <= width) return split(found, index, cells);
    return [...found.matchAll(/\S+/g)].flatMap((part) => split(part[0], index + part.index, cells));
  });
}

const ascii = /^[\u0020-\u007e]*$/;
/** From a root, or to a file, with the place in it: what an editor opens. */
const path = /^["'(]?(?:~|\.{1,2})?\/|\/.*\.\w+(?::\d+)*["')]?[:.,;]?$/u;
/** Chinese and Japanese punctuation that must not begin a line, and that must not end one. */
const notFirst = /^[、。，．：；！？）】」』》〉…”’]/u;
const notLast = /[（【「『《〈“‘]$/u;

/** A word in parts: a line may be broken between wide characters and beside them. */
function split(found: string, start: number, cells: Cells): Range[] {
  if (ascii.test(found) || path.test(found)) return [{ start, end: start + found.length }];
  const pieces: Range[] = [];
  let before: string | undefined;
  let at = start;
  for (const cluster of cells.clustersOf(found)) {
    const last = pieces.at(-1);
    const end = at + cluster.length;
    if (last === undefined || before === undefined || !mayPart(before, cluster, cells)) {
      pieces[Math.max(0, pieces.length - 1)] = { start: last?.start ?? at, end };
    } else pieces.push({ start: at, end });
    before = cluster;
    at = end;
  }
  return pieces;
}

function mayPart(left: string, right: string, cells: Cells): boolean {
  if (notFirst.test(right) || notLast.test(left)) return false;
  return cells.widthOf(left) > 1 || cells.widthOf(right) > 1;
}
