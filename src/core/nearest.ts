/** The candidates, those that take the fewest edits to become `word` first; ties by code unit. */
export function nearestFirst(word: string, candidates: Iterable<string>): string[] {
  return [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        (a.candidate < b.candidate ? -1 : a.candidate > b.candidate ? 1 : 0),
    )
    .map(({ candidate }) => candidate);
}

/**
 * The candidate that was most likely meant: at most a third of its letters differ, or the typed
 * word is the beginning of this candidate only. Never the opposite of the word. Undefined if
 * nothing is close.
 */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((candidate) => typed.length > 1 && candidate.startsWith(typed));
  if (begun.length === 1) return begun[0];
  const close = candidates.filter(
    (candidate) =>
      !areOpposite(typed, candidate) &&
      editDistance(typed, candidate) <= Math.max(1, Math.floor(candidate.length / 3)),
  );
  return nearestFirst(typed, close)[0];
}

/** `deactivate` and `activate`: one undoes what the other does. */
function areOpposite(left: string, right: string): boolean {
  return ['de', 'dis', 'un'].some(
    (prefix) => left === `${prefix}${right}` || right === `${prefix}${left}`,
  );
}

/** Insertions, deletions, changes, and swaps of neighbours, each counting one; in UTF-16 units. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_item, index) => index);
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
