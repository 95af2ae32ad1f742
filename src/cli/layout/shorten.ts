import type { Cells } from './cells.ts';

/**
 * The share of a shortened path that its end gets, because the name of a file is the most useful
 * part.
 */
const endShare = 0.6;

/** A path no wider than `width`: the surplus in its middle is replaced by an ellipsis. */
export function shortenMiddle(text: string, width: number, cells: Cells): string {
  if (cells.widthOf(text) <= width) return text;
  const room = Math.max(0, width - 1);
  const clusters = cells.clustersOf(text);
  const end = take(clusters.toReversed(), Math.ceil(room * endShare), cells);
  const start = take(clusters, room - widthOf(end, cells), cells);
  return `${start.join('')}…${end.toReversed().join('')}`;
}

/** A text no wider than `width`: the surplus at its end is replaced by an ellipsis. */
export function shortenEnd(text: string, width: number, cells: Cells): string {
  if (cells.widthOf(text) <= width) return text;
  const start = take(cells.clustersOf(text), Math.max(0, width - 1), cells);
  return `${start.join('').trimEnd()}…`;
}

/** As many of the first clusters as there is room for. */
function take(clusters: readonly string[], room: number, cells: Cells): string[] {
  const taken: string[] = [];
  let left = room;
  for (const cluster of clusters) {
    left -= cells.widthOf(cluster);
    if (left < 0) break;
    taken.push(cluster);
  }
  return taken;
}

function widthOf(clusters: readonly string[], cells: Cells): number {
  return clusters.reduce((sum, cluster) => sum + cells.widthOf(cluster), 0);
}
