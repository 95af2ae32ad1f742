/** The first `limit` lines, and how many more there are. One line over is shown, not counted. */
export function fold(lines: readonly string[], limit: number, verbose: boolean): string[] {
  if (verbose || lines.length <= limit + 1) return [...lines];
  return [...lines.slice(0, limit), `  … and ${lines.length - limit} more (--verbose shows all)`];
}

/** `1 file`, `2 files`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
