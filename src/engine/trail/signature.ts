import { treeSignature } from '../../core/digest.ts';
import type { PackPath } from '../../core/path.ts';
import { scanInstance, type LocalState } from '../../instance/scan.ts';
import type { TransactionContext } from '../context.ts';

/**
 * The signature of an instance without our own reports (docs/protocol.md#signatures).
 */
export function signatureOfState(local: LocalState, reports: readonly PackPath[]): string {
  const ours = new Set(reports);
  const files: [PackPath, string][] = [];
  for (const [path, entry] of local) {
    if (entry.kind === 'file' && !ours.has(path)) files.push([path, entry.sha256]);
  }
  return treeSignature(files);
}

/** The same for an instance that has not been scanned yet. */
export async function signatureOfInstance(
  context: TransactionContext,
  instance: string,
  reports: readonly PackPath[],
): Promise<string> {
  const { fs, breathe } = context;
  return signatureOfState(await scanInstance({ fs, path: instance, breathe }), reports);
}
