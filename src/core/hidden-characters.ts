/** Which characters of a text a reader cannot see, and when they are there for a good reason. */

/**
 * Format characters, others that are drawn as nothing, separators other than line feed, and control
 * characters other than white space. Number signs of Arabic and Syriac and the joiners of
 * hieroglyphs are format characters, but visible.
 */
export const hiddenCharacters =
  /(?:(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1345f}\t\n\v\f\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800])+/gu;

const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const zeroWidth = /[\u180e\u200b-\u200d\u2060-\u2064\ufeff]/u;
const tag = /[\u{e0000}-\u{e007f}]/u;

export type HiddenKind = 'BIDI' | 'ZERO_WIDTH' | 'TAG' | 'CONTROL' | 'FILLER';

export function kindOfHidden(character: string): HiddenKind {
  if (bidi.test(character)) return 'BIDI';
  if (zeroWidth.test(character)) return 'ZERO_WIDTH';
  if (tag.test(character)) return 'TAG';
  return /\p{Cc}/u.test(character) ? 'CONTROL' : 'FILLER';
}

/** The flags of England, Scotland and Wales; no other flag is spelled in tag characters. */
const flags = ['gbeng', 'gbsct', 'gbwls'].map(
  (name) =>
    `${Array.from(name, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')}\u{e007f}`,
);
const blackFlag = '\u{1f3f4}';

/** Scripts whose letters change shape at a joiner or a non-joiner. */
const joining =
  /[\p{Script=Arabic}\p{Script=Bengali}\p{Script=Devanagari}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Khmer}\p{Script=Malayalam}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Syriac}\p{Script=Tamil}\p{Script=Telugu}]/u;
/** Scripts without spaces between words: U+200B marks where a line may break. */
const spaceless = /[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}]/u;
const pictograph = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;

/**
 * The characters of a run that do not belong where they are, as indexes into its code points.
 * Accepted are joiners inside an emoji and after a letter of a script that needs them, one
 * variation selector after the character that it varies, the tags of a flag, and a byte order mark
 * at the beginning of a file.
 *
 * @param before the character before the run, '' at the beginning of the file
 * @param after the character behind it, '' at its end
 */
export function misplaced(run: readonly string[], before: string, after: string): number[] {
  const flag = before === blackFlag ? flags.find((each) => run.join('').startsWith(each)) : '';
  const flagLength = Array.from(flag ?? '').length;
  return [...run.keys()].filter((index) => {
    if (index < flagLength) return false;
    const character = run[index] ?? '';
    const alone = run.length === 1;
    const next = run[index + 1] ?? after;
    switch (character) {
      case '\ufeff':
        return !(index === 0 && before === '');
      case '\u200d':
        return !(
          (pictograph.test(before) && pictograph.test(next) && isEmojiJoin(run, index)) ||
          (alone && joining.test(before))
        );
      case '\u200c':
        return !(alone && joining.test(before));
      case '\u200b':
        return !(alone && spaceless.test(before));
      case '\u2800':
        return !/[\u2801-\u28ff]/.test(before + after);
      case '\u115f':
      case '\u1160':
        return !/[\u1100-\u11ff]/.test(before + after);
    }
    if (/[\ufe00-\ufe0f]/.test(character)) return index > 0;
    if (/[\u{e0100}-\u{e01ef}]/u.test(character))
      return index > 0 || !/\p{Ideographic}/u.test(before);
    if (/[\u180b-\u180f]/.test(character))
      return index > 0 || !/\p{Script=Mongolian}/u.test(before);
    return true;
  });
}

/**
 * Only one joiner, with or without a variation selector before it, separates the two pictographs.
 */
function isEmojiJoin(run: readonly string[], index: number): boolean {
  return index === run.length - 1 && (index === 0 || (index === 1 && run[0] === '\ufe0f'));
}
