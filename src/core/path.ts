/**
 * A path inside a pack or an instance: relative, `/` between components, no `.` or `..`, NFC or
 * not exactly as the release spells it. Validated where it enters (release/tree-check.ts).
 */
export type PackPath = string;

/** Orders paths component by component, each by code unit: `a/b` before `a-b/c` (PROTOCOL.md §5). */
export function comparePaths(left: PackPath, right: PackPath): number {
  const a = left.split('/');
  const b = right.split('/');
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const x = a[index] ?? '';
    const y = b[index] ?? '';
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

/** Every directory above a path, nearest last: `a/b/c` gives `a`, `a/b`. */
export function parentPaths(path: PackPath): PackPath[] {
  const parts = path.split('/');
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** Whether `path` is `ancestor` itself or lies below it, component by component. */
export function isWithin(path: PackPath, ancestor: PackPath): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}
