/**
 * The candidate that is most likely meant: at most a third of its letters away, or what was typed
 * is the beginning of it alone. undefined where nothing comes close.
 */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((candidate) => typed.length > 1 && candidate.startsWith(typed));
  if (begun.length === 1) return begun[0];
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(typed, candidate);
    if (distance > Math.max(1, Math.floor(candidate.length / 3))) continue;
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Insertions, deletions, changes, and swaps of neighbours, each counting one. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 2] === right[column - 1] && left[row - 1] === right[column - 2];
      current[column] = Math.min(
        (current[column - 1] ?? 0) + 1,
        (above[column] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        row > 1 && column > 1 && swapped ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = above;
    above = current;
  }
  return above[right.length] ?? 0;
}
