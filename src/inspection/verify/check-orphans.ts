import { join } from 'node:path';
import { isOperationRef, type OperationRef } from '../../core/operation-ref.ts';
import type { InspectionContext } from '../context.ts';
import { checkSnapshot } from './check-operations.ts';
import { problem, type Note } from './problem.ts';

/**
 * Evidence and snapshots that no line of the ledger accounts for.
 *
 * @param recorded every operation in the ledger
 */
export async function checkOrphans(
  context: InspectionContext,
  note: Note,
  recorded: ReadonlySet<OperationRef>,
): Promise<void> {
  for (const { path } of strayFiles(context, 'evidenceDirectory', /\.json$/, recorded)) {
    note(problem('EVIDENCE_ORPHANED', { path }));
  }
  const looked = new Set<OperationRef>();
  const snapshots = /\.(?:tar\.gz|json|sha256)$/;
  for (const { ref, path } of strayFiles(context, 'snapshotsDirectory', snapshots, recorded)) {
    if (ref !== undefined) {
      if (looked.has(ref)) continue;
      looked.add(ref);
      await checkSnapshot(context, note, { ref });
    }
    note(problem('SNAPSHOT_ORPHANED', { path }));
  }
}

interface StrayFile {
  /** Undefined for a name that no operation uses. */
  readonly ref: OperationRef | undefined;
  readonly path: string;
}

function strayFiles(
  { fs, layout }: InspectionContext,
  place: 'evidenceDirectory' | 'snapshotsDirectory',
  suffix: RegExp,
  recorded: ReadonlySet<OperationRef>,
): StrayFile[] {
  const directory = layout[place];
  if (fs.stat(directory) === undefined) return [];
  return fs.list(directory).flatMap((name): StrayFile[] => {
    const ref = name.replace(suffix, '');
    const path = join(directory, name);
    if (ref === name || !isOperationRef(ref)) return [{ ref: undefined, path }];
    return recorded.has(ref) ? [] : [{ ref, path }];
  });
}
