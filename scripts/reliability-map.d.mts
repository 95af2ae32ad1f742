interface MapRow {
  readonly line: number;
  readonly what: string;
  readonly named: readonly string[];
}

interface ListedTest {
  /** From the root of the repository. */
  readonly file: string;
  /** With the describes around it, ` › ` between. */
  readonly name: string;
  readonly mode: string;
}

export function rowsOf(markdown: string): MapRow[];
export function complaintsAbout(
  rows: readonly MapRow[],
  tests: readonly ListedTest[],
  sourceOf: (file: string) => string,
): string[];
export function filesOf(rows: readonly MapRow[]): string[];
