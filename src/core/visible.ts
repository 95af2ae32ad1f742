import { hiddenCharacters, misplaced } from './hidden-characters.ts';

/**
 * Text in which a person sees what an agent reads: hidden characters become visible `\u{…}`
 * escapes, and a Markdown comment is turned into visible text. Joiners of emoji and of scripts that
 * need them stay, because they hide nothing there.
 */
export function visible(text: string): string {
  return text.replaceAll('<!--', '&lt;!--').replace(hiddenCharacters, (run, ...rest) => {
    const [offset, whole] = rest as [number, string];
    const characters = Array.from(run);
    const before = Array.from(whole.slice(Math.max(0, offset - 2), offset)).at(-1) ?? '';
    const after = Array.from(whole.slice(offset + run.length, offset + run.length + 2))[0] ?? '';
    const wrong = new Set(misplaced(characters, before, after));
    return characters
      .map((character, index) => (wrong.has(index) ? escaped(character) : character))
      .join('');
  });
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
