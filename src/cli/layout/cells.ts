/** How a terminal counts text: in cells. A wide character takes two, a combining mark zero. */
export interface Cells {
  /** The cells that a text takes; escape sequences for colours take zero. */
  readonly widthOf: (text: string) => number;
  /** The text in the smallest pieces that a terminal shows as one character. */
  readonly clustersOf: (text: string) => readonly string[];
}

/** One cell a character, which is right for Latin text and a guess for any other. */
export const latinCells: Cells = {
  widthOf: (text) => withoutColours(text).length,
  clustersOf: (text) => Array.from(text),
};

const colours = /\u001b\[\d+m/g;

/** The text without the escape sequences of colours, which take no cells. */
export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replace(colours, '') : text;
}
