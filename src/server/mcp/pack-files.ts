import { dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { PackPath } from '../../core/path.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { directoryView } from '../../protocol/contracts/file-view.ts';

/** What a client may be sent of one file; larger ones are no documents for an agent. */
export const mostBytes = 1024 * 1024;

/** How many files of one identity are listed, and how deep they may lie. */
const mostFiles = 10_000;
const mostLevels = 32;

/**
 * The regular files of a pack by their paths; links are neither followed nor listed. A path that
 * could not be read again, because it is none on every system, is left out.
 */
export function filesOfPack(fs: ReadFileSystem, directory: string): PackPath[] {
  const view = directoryView(fs, directory);
  const files: PackPath[] = [];
  const collect = (at: PackPath, level: number): void => {
    for (const { name, kind } of view.list(at)) {
      if (files.length >= mostFiles) return;
      const path = at === '' ? name : `${at}/${name}`;
      if (kind === 'file') {
        if (isPlainPath(path)) files.push(path);
      } else if (kind === 'directory' && level < mostLevels) collect(path, level + 1);
    }
  };
  collect('', 0);
  return files;
}

export type FileRead =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  /** Nothing there, a link on the way, no regular file, or not ours to read. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large' };

/**
 * One file of a pack, never one outside of it: directories on the way are held while it is read, so
 * that a link put in their place meanwhile leads nowhere.
 *
 * @param directory absolute, without links
 */
export function readPackFile(fs: ReadFileSystem, directory: string, path: PackPath): FileRead {
  if (!isPlainPath(path)) return { kind: 'absent' };
  const absolute = join(directory, ...path.split('/'));
  try {
    return fs.within(directory, dirname(absolute), () => {
      if (fs.stat(absolute)?.kind !== 'file') return { kind: 'absent' };
      const chunks: Buffer[] = [];
      let size = 0;
      for (const chunk of fs.readChunks(absolute)) {
        size += chunk.byteLength;
        if (size > mostBytes) return { kind: 'too-large' };
        chunks.push(Buffer.from(chunk));
      }
      return { kind: 'read', bytes: Buffer.concat(chunks) };
    });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return { kind: 'absent' };
  }
}

/** The text of a file; undefined where it is none. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
