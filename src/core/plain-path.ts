/**
 * Whether text that came out of a document can be used as a path below a directory: relative,
 * `/` between non-empty components, no `.`, `..`, backslash, drive or NUL. Whether it is also
 * portable is decided where a release's tree is checked.
 */
export function isPlainPath(text: string): boolean {
  if (text === '' || /[\\\0]/.test(text) || /^[A-Za-z]:/.test(text)) return false;
  return text.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
