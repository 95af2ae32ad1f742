/**
 * The terms of a text, each once: words as they are written, and pairs of neighbouring characters
 * for scripts without spaces between words. Case, width and compatibility forms are ignored.
 */
export function termsOf(text: string): string[] {
  const terms = new Set<string>();
  const normal = text.slice(0, longestText).normalize('NFKC').toLowerCase();
  for (const [run] of normal.matchAll(runs)) {
    if (!unspaced.test(run)) {
      if (run.length > 1 && !stopWords.has(run)) terms.add(run);
      continue;
    }
    const characters = Array.from(run);
    if (characters.length === 1) terms.add(run);
    for (let at = 1; at < characters.length; at += 1) {
      terms.add(`${characters[at - 1] ?? ''}${characters[at] ?? ''}`);
    }
  }
  return [...terms];
}

/** Only this much of a longer text is used, in UTF-16 units. */
const longestText = 4096;

/** Runs of a script without spaces, or words: letters with their marks, and digits. */
const runs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Words that say nothing about a task. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'an and are as at be by can do for from has have how in into is it its me my need of on or our ' +
    'please should so that the their them then there these this to us want was we what when which ' +
    'who will with you your'
  ).split(' '),
);

/** A shared beginning must be this long, and this much of the longer word. */
const leastShared = 4;
const leastShare = 0.6;

/** Terms to be searched, words also by how they begin. */
export interface TermIndex {
  /**
   * How well a term is matched, and by which: 1 by itself; if one of two words begins with the
   * other, by the share that they have in common (`review` matches `reviewer` by 6/8); otherwise 0.
   */
  meet(term: string): { readonly by: string; readonly degree: number };
}

export function indexTerms(terms: readonly string[]): TermIndex {
  const all = new Set(terms);
  const byBeginning = new Map<string, string[]>();
  for (const term of terms) {
    const beginning = term.slice(0, leastShared);
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), term]);
  }
  return {
    meet(term) {
      if (all.has(term)) return { by: term, degree: 1 };
      let best = { by: '', degree: 0 };
      if (term.length < leastShared || unspaced.test(term)) return best;
      for (const other of byBeginning.get(term.slice(0, leastShared)) ?? []) {
        const [short, long] = term.length < other.length ? [term, other] : [other, term];
        const degree = long.startsWith(short) ? short.length / long.length : 0;
        if (degree >= leastShare && degree > best.degree) best = { by: other, degree };
      }
      return best;
    },
  };
}
