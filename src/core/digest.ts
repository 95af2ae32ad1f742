import { createHash } from 'node:crypto';
import { comparePaths } from './path.ts';

/** SHA-256 of the bytes, 64 lower-case hex digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 over a sequence of chunks, and how many bytes they were. */
export function sha256OfChunks(chunks: Iterable<Uint8Array>): { sha256: string; size: number } {
  const hash = createHash('sha256');
  let size = 0;
  for (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), size };
}

/**
 * The signature of a tree: SHA-256 of the lines `<relative posix path>:<sha256 of bytes>`, joined
 * by a line feed, sorted by path component (docs/protocol.md#signatures).
 */
export function treeSignature(files: Iterable<readonly [path: string, sha256: string]>): string {
  const lines = [...files]
    .sort(([left], [right]) => comparePaths(left, right))
    .map(([path, digest]) => `${path}:${digest}`);
  return sha256(lines.join('\n'));
}

/**
 * JSON with keys sorted at every depth and no white space: equal values have equal text, so its
 * digest names the value. `undefined` members are left out, as in JSON.
 *
 * @param value plain data; nothing with a `toJSON` of its own
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(withSortedKeys(value));
}

function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withSortedKeys);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(members.map(([key, member]) => [key, withSortedKeys(member)]));
}
