/**
 * The first `limit` lines, and a line that says how many more there are. A single line over the
 * limit is shown, not counted.
 */
export function fold<Item>(
  items: readonly Item[],
  limit: number,
  verbose: boolean,
): { readonly shown: readonly Item[]; readonly more: string[] } {
  if (verbose || items.length <= limit + 1) return { shown: items, more: [] };
  const more = `  … and ${items.length - limit} more (--verbose shows all)`;
  return { shown: items.slice(0, limit), more: [more] };
}

/** `1 file`, `2 files`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
