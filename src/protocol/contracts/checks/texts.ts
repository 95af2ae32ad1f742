/** A non-empty text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A text that differs from what it should be; the schema checks that it is a text. */
export function isOtherText(value: unknown, wanted: unknown): value is string {
  return isText(value) && typeof wanted === 'string' && value !== wanted;
}

/**
 * The texts in a list; the schema reports any other item, or another value in place of the list.
 */
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
 * A list that holds only texts; empty if it holds anything else. For rules that need the whole
 * list: one that its schema reports cannot be used to check other documents.
 */
export function onlyTexts(value: unknown): readonly string[] {
  return Array.isArray(value) && value.every(isText) ? value : [];
}
