/** A phrase as a sentence: "Only this file." */
export function sentence(phrase: string, more = ''): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}${more}.`;
}
