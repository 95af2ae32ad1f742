import { isPlainPath } from '../../../core/plain-path.ts';
import { isReadable, type Document } from '../../documents/document.ts';
import { matchFiles, type FileView } from '../../documents/file-view.ts';
import { readJsonDocument } from '../../documents/json-document.ts';
import type { Subject } from './subject.ts';

/** A file that a contract's path matches. */
export interface LocatedFile {
  readonly bytes: Uint8Array;
  /** As findings show it. */
  readonly shown: string;
}

/**
 * The files that a path or pattern of a contract names (docs/protocol.md#paths-in-contracts): in
 * the pack, else below the catalog's root, else in the working directory; never outside those.
 * Sorted by name.
 */
export function locate(subject: Subject, pattern: unknown): LocatedFile[] {
  if (typeof pattern !== 'string' || !isPlainPath(pattern)) return [];
  for (const [view, inView] of waysTo(subject, pattern)) {
    const found = matchFiles(view, inView, subject.search).flatMap((path): LocatedFile[] => {
      const bytes = view.read(path);
      return bytes === undefined ? [] : [{ bytes, shown: view.show(path) }];
    });
    if (found.length > 0) return found;
  }
  return [];
}

/** Where a pattern is searched, nearest first. */
function* waysTo(subject: Subject, pattern: string): Generator<readonly [FileView, string]> {
  const { pack, around, releasedAt } = subject;
  yield [pack, pattern];
  for (const directory of releasedAt) {
    if (pattern.startsWith(`${directory}/`)) yield [pack, pattern.slice(directory.length + 1)];
  }
  for (const view of around) yield [view, pattern];
}

/**
 * The JSON documents that match a pattern, sorted by name: evidence is named by date, so the last
 * one is the newest. `pack-files` reports those that cannot be parsed.
 */
export function locateJson(subject: Subject, pattern: unknown): Document[] {
  return locate(subject, pattern)
    .map(({ bytes, shown }) => readJsonDocument(bytes, shown))
    .filter(isReadable);
}
