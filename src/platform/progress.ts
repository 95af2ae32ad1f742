/** Told by long work, shown by whoever holds a terminal. */
export interface Progress {
  /** A new step begins; `total` items when it is known. */
  step(label: string, total?: number): void;
  /** `done` items of the step are behind us. */
  advance(done: number): void;
}

export const silentProgress: Progress = { step: () => undefined, advance: () => undefined };
