/** Reported by long work, shown by a surface with a terminal. */
export interface Progress {
  /** A new step begins; `total` is its number of items, if known. */
  step(label: string, total?: number): void;
  /** `done` items of the step are finished. */
  advance(done: number): void;
}

export const silentProgress: Progress = { step: () => undefined, advance: () => undefined };
