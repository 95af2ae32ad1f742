import { join } from 'node:path';
import type { EngineContext } from './context.ts';
import type { FinishedOperation } from './transaction/finish.ts';
import type { OperationRef } from '../core/operation-ref.ts';
import type { PackPath } from '../core/path.ts';
import type { OperationWarning } from './operation-warning.ts';

/** One completed operation, with what a caller may want to show. */
export interface CompletedOperation {
  readonly ref: OperationRef;
  /** Absolute path of `evidence/<ref>.json`. */
  readonly evidence: string;
  readonly snapshot: { readonly path: string; readonly sha256: string } | null;
  /** Where the files that were displaced from the instance are kept; null if there are none. */
  readonly displaced: string | null;
  /** A command line that undoes the operation and works on the machine that carried it out. */
  readonly undo: string;
  /** Protocol reports published into the instance, relative to it. */
  readonly reports: readonly PackPath[];
  readonly warnings: readonly OperationWarning[];
}

/** What a caller may show of a recorded operation. */
export function completedOperation(
  context: EngineContext,
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
