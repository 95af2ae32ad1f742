import type { Header } from 'tar/header';
import type { Pax } from 'tar/pax';
import { sha256 } from '../../core/digest.ts';
import { ArchiveError } from '../archive.ts';

/** The two halves of node-tar that know the format; loaded at first use, without its extractor. */
export interface TarFormat {
  readonly Header: typeof Header;
  readonly Pax: typeof Pax;
}

export const blockBytes = 512;
/** The longest path that a system call accepts. */
const longestPath = 4096;

export async function loadTarFormat(): Promise<TarFormat> {
  const [header, pax] = await Promise.all([import('tar/header'), import('tar/pax')]);
  return { Header: header.Header, Pax: pax.Pax };
}

/** How many zero bytes follow content of this size, so that the next header begins a block. */
export function paddingAfter(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/**
 * Refuses every member path that some program would read as another path, or as one outside.
 *
 * @throws ArchiveError `entry`
 */
export function mustBePlain(path: string): void {
  const unsafe = /[\0\\]/.test(path) || path.split('/').some((part) => /^\.{0,2}$/.test(part));
  if (unsafe) throw new ArchiveError('entry', `Unsafe member path: ${JSON.stringify(path)}`);
  if (Buffer.byteLength(path) > longestPath) {
    throw new ArchiveError('entry', `A member path is longer than ${longestPath} bytes`);
  }
}

/** Remembers every path, to refuse a second member with the same name. */
export function createDuplicateGuard(): (path: string) => void {
  const seen = new Set<string>();
  return (path) => {
    // Many long paths, which compress to almost nothing, would fill the memory.
    const key = path.length > 100 ? sha256(path) : path;
    if (seen.has(key)) {
      throw new ArchiveError('entry', `Two members are named ${JSON.stringify(path)}`);
    }
    seen.add(key);
  };
}
