/** A text with something in it. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A text that differs from what it should be; what is no text is for the schema. */
export function isOtherText(value: unknown, wanted: unknown): value is string {
  return isText(value) && typeof wanted === 'string' && value !== wanted;
}

/** The texts in a list; what else is in it, or stands in its place, is for its schema. */
export function texts(value: unknown): readonly string[] {
  return textItems(value).map(({ text }) => text);
}

/** The same, with the places in the list. */
export function textItems(
  value: unknown,
): readonly { readonly index: number; readonly text: string }[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((text, index) => (isText(text) ? [{ index, text }] : []));
}

/**
 * A list that holds nothing but texts; empty where it holds anything else. For rules that a list
 * gives as a whole: one that its schema finds to be wrong says nothing about other documents.
 */
export function onlyTexts(value: unknown): readonly string[] {
  return Array.isArray(value) && value.every(isText) ? value : [];
}
