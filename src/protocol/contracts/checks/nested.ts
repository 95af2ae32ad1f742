/** Every member at every depth, with the keys that lead to it. */
export function* nestedMembers(
  value: unknown,
  keys: readonly string[] = [],
): Generator<{ readonly keys: readonly string[]; readonly key: string; readonly value: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...keys, key];
    if (!Array.isArray(value)) yield { keys: path, key, value: inner };
    yield* nestedMembers(inner, path);
  }
}

/** Every text at every depth, with the keys that lead to it. */
export function* nestedTexts(
  value: unknown,
  keys: readonly string[] = [],
): Generator<{ readonly keys: readonly string[]; readonly text: string }> {
  if (typeof value === 'string') yield { keys, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* nestedTexts(inner, [...keys, key]);
}
