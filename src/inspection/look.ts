import type { ErrorCode } from '../core/error-codes.ts';
import { InstallError } from '../core/errors.ts';
import { ioError } from '../core/io-error.ts';
import { pendingOperations, type PendingOperation } from '../engine/journal/pending-operations.ts';
import { lockHome, refuseStrangeLock } from '../engine/session.ts';
import { readFormat, refuseStrangeState } from '../instance/format.ts';
import type { InspectionContext } from './context.ts';

/** How a home is read. */
export type Look =
  /** Nobody can work on it meanwhile. */
  | { readonly kind: 'locked'; readonly pending: readonly PendingOperation[] }
  /** As it is, for the reason that kept us from it. */
  | { readonly kind: 'as-it-is'; readonly reason: ErrorCode };

/** A home that cannot be written, and so cannot be locked. */
export const notWritable: readonly ErrorCode[] = ['E_HOME_READ_ONLY'];

/** In addition, every state of a home that commands refuse. */
export const notWorkable: readonly ErrorCode[] = [
  ...notWritable,
  'E_JOURNAL_DAMAGED',
  'E_LAYOUT_NEWER',
  'E_FORMAT_DAMAGED',
  'E_LOCK_DAMAGED',
];

/**
 * Runs `work` while nobody else works on the home, or without the lock if the home is in one of the
 * given states. Leaves nothing behind: an interrupted operation is only reported, and a home that
 * was never locked gets no lock file.
 *
 * @throws InstallError E_HOME_LOCKED, E_HOME_UNSAFE, E_HOME_FOREIGN; whatever the work throws
 */
export async function lookAt<T>(
  context: InspectionContext,
  acceptable: readonly ErrorCode[],
  work: (look: Look) => Promise<T>,
): Promise<T> {
  const { fs, layout, environment } = context;
  let lock: { readonly release: () => void } | undefined;
  let look: Look;
  try {
    refuseStrangeState(fs, layout, environment.uid);
    readFormat(fs, layout);
    refuseStrangeLock(fs, layout.lock);
    if (fs.stat(layout.lock) !== undefined) lock = await lockHome(context);
    look = { kind: 'locked', pending: pendingOperations(fs, layout) };
  } catch (error) {
    const known = ioError(error, `reading ${layout.home}`);
    if (!(known instanceof InstallError) || !acceptable.includes(known.code)) {
      lock?.release();
      throw known;
    }
    look = { kind: 'as-it-is', reason: known.code };
  }
  try {
    return await work(look);
  } finally {
    lock?.release();
  }
}
