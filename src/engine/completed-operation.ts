import { join } from 'node:path';
import type { InstallContext } from './context.ts';
import type { FinishedOperation } from './transaction/finish.ts';
import type { CompletedOperation } from '../operations/use-cases.ts';

/** What a caller may show of an operation that is on record. */
export function completedOperation(
  context: InstallContext,
  finished: FinishedOperation,
): CompletedOperation {
  const { evidence, evidencePath, displaced } = finished;
  const { snapshot } = evidence;
  return {
    ref: evidence.ref,
    evidence: evidencePath,
    snapshot:
      snapshot === null
        ? null
        : { path: join(context.layout.home, snapshot.path), sha256: snapshot.sha256 },
    displaced,
    undo: evidence.undo,
    reports: evidence.reports,
    warnings: evidence.warnings,
  };
}
