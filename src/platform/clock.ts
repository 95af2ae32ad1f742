/** Time and randomness as values, so that everything above can be repeated exactly in a test. */
export interface Clock {
  now(): Date;
  /** Milliseconds of a clock that never goes backwards. */
  monotonic(): number;
}

export interface Randomness {
  /** Random bytes as lower-case hex digits, two a byte. */
  hex(bytes: number): string;
}
