import { join } from 'node:path';
import type { OperationRef } from '../../core/operation-ref.ts';
import { saysNoExchange } from '../../core/unsupported.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import type { Change } from '../change.ts';
import type { Intent } from '../journal/intent.ts';

/**
 * How two paths can be exchanged on the file system of the journal, determined by trying it. Called
 * only if a change needs it.
 *
 * @throws the errno of link(2) if there are no hard links either
 */
export function exchangeKind(
  fs: FileSystem,
  journalRoot: string,
  ref: OperationRef,
  changes: readonly Change[],
): Intent['exchange'] {
  const needed = changes.some(
    (change) => change.before.kind === 'file' && change.after.kind === 'file',
  );
  if (!needed) return 'atomic';
  const left = join(journalRoot, `${ref}.probe-left.new`);
  const right = join(journalRoot, `${ref}.probe-right.new`);
  for (const path of [left, right]) fs.makeDirectory(path, 0o700);
  try {
    fs.exchange(left, right);
    return 'atomic';
  } catch (error) {
    if (!saysNoExchange(error)) throw error;
    return 'witness';
  } finally {
    for (const path of [left, right]) fs.removeDirectory(path);
  }
}
