/** JSON pointers (RFC 6901): how findings name a place in a document. */

/** The pointer for keys, from the outermost one inwards. */
export function pointerTo(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${pointerPart(String(key))}`).join('');
}

/** One part of a pointer, escaped. */
export function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The keys of a pointer, as they are in the document. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
