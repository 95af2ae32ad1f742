/**
 * Text from packs, file names and servers, made safe for a terminal: control characters, bidi
 * controls, zero-width and tag characters become visible `\u{…}` escapes. Line feed and tab are
 * escaped too; callers that print several lines split first.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/**
 * JSON text with every character that a string may hold but a terminal would interpret written as
 * `\uXXXX`: the value stays the same. Line feeds between values stay.
 */
export function printableJson(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join(''),
  );
}

/** Control (Cc), format (Cf: bidi, zero-width, tags), lone surrogates, line and paragraph separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
