/**
 * A path inside a pack or an instance: relative, `/` between components, no `.` or `..`, NFC or
 * not exactly as the release spells it. Validated where it enters (release/tree-check.ts).
 */
export type PackPath = string;

/**
 * Orders paths component by component, each by code unit: `a/b` before `a-b/c`
 * (docs/protocol.md#signatures).
 */
export function comparePaths(left: PackPath, right: PackPath): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at += 1) {
    const difference = orderOf(left, at) - orderOf(right, at);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A slash ends a component, and the shorter component comes first. */
function orderOf(path: PackPath, at: number): number {
  const code = path.charCodeAt(at);
  return code === slash ? -1 : code;
}

const slash = 0x2f;

/** Every directory above a path, nearest last: `a/b/c` gives `a`, `a/b`. */
export function parentPaths(path: PackPath): PackPath[] {
  const parents: PackPath[] = [];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    parents.push(path.slice(0, end));
  }
  return parents;
}

/** Whether `path` is `ancestor` itself or lies below it, component by component. */
export function isWithin(path: PackPath, ancestor: PackPath): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}
