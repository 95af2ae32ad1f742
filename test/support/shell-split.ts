/** The words that a POSIX shell would make of text quoted with nothing but `'…'`, `"…"` and `\\'`. */
export function shellWordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [part] of line.matchAll(/'[^']*'|"[^"]*"|\\'|[^\s'"\\]+|\s/gs)) {
    if (/^\s$/.test(part)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (part === "\\'" ? "'" : part.replace(/^(['"])(.*)\1$/s, '$2'));
    }
  }
  return word === undefined ? words : [...words, word];
}
