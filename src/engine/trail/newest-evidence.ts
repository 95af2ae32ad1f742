import { errnoOf } from '../../core/errors.ts';
import { isOperationRef, type OperationRef } from '../../core/operation-ref.ts';
import type { HomeLayout } from '../../instance/layout.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';

/**
 * The newest operation that left evidence, by the names of the files alone. The ledger must contain
 * it: a ledger that was cut at the end of a line looks complete by itself.
 *
 * @param pending operations in flight: their evidence comes before their line
 */
export function newestEvidence(
  fs: ReadFileSystem,
  { evidenceDirectory }: HomeLayout,
  pending: ReadonlySet<OperationRef>,
): OperationRef | undefined {
  return namesIn(fs, evidenceDirectory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((ref) => isOperationRef(ref) && !pending.has(ref))
    .sort()
    .at(-1);
}

/** Undefined if somebody put a name that is not UTF-8 among ours: that must not stop a rollback. */
function namesIn(fs: ReadFileSystem, directory: string): string[] {
  if (fs.stat(directory) === undefined) return [];
  try {
    return fs.list(directory);
  } catch (error) {
    if (errnoOf(error) === 'EILSEQ') return [];
    throw error;
  }
}
