import type { HomeLayout } from '../../instance/layout.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { operationsOf } from './history.ts';
import type { LedgerEntry } from './ledger.ts';

/** Every identity with a record, sorted. */
export function installedIds({
  fs,
  layout,
}: {
  readonly fs: ReadFileSystem;
  readonly layout: HomeLayout;
}): string[] {
  if (fs.stat(layout.records) === undefined) return [];
  const suffix = '.json';
  return fs
    .list(layout.records)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
}

/**
 * The identities with an install that was not undone: each of them has a record, or has lost it.
 */
export function standingIds(entries: readonly LedgerEntry[]): ReadonlySet<string> {
  const standing = operationsOf(entries).filter(
    ({ operation, outcome, undoneBy }) =>
      operation === 'install' && outcome === 'done' && undoneBy === null,
  );
  return new Set(standing.map((operation) => operation.identity_id));
}
