import type { ErrorCode } from '../core/error-codes.ts';
import { InstallError } from '../core/errors.ts';
import type { InstallContext } from '../engine/context.ts';
import { withSession, type Session } from '../engine/session.ts';
import { ioError } from '../core/io-error.ts';

/** How a home is looked at. */
export type Look =
  /** With its lock held and nothing unfinished in it. */
  | { readonly kind: 'settled'; readonly session: Session }
  /** As it is: nobody can work on it meanwhile, for the reason that kept us from it as well. */
  | { readonly kind: 'as-it-is'; readonly reason: ErrorCode };

/** A home that cannot be written to lock it. */
export const notWritable: readonly ErrorCode[] = ['E_HOME_READ_ONLY'];

/** Besides, every state of a home in which no command goes on. */
export const notWorkable: readonly ErrorCode[] = [
  ...notWritable,
  'E_JOURNAL_PENDING',
  'E_JOURNAL_DAMAGED',
  'E_LEDGER_DAMAGED',
  'E_LAYOUT_NEWER',
  'E_FORMAT_DAMAGED',
  'E_LOCK_DAMAGED',
];

/**
 * Runs `work` under the lock of the home, or without it where the home is in one of the given
 * states.
 *
 * @throws InstallError E_HOME_LOCKED, E_HOME_UNSAFE, E_HOME_FOREIGN; whatever the work throws
 */
export async function lookAt<T>(
  context: InstallContext,
  acceptable: readonly ErrorCode[],
  work: (look: Look) => Promise<T>,
): Promise<T> {
  const turn = { came: false };
  try {
    return await withSession(context, async (session) => {
      turn.came = true;
      return await work({ kind: 'settled', session });
    });
  } catch (error) {
    const known = ioError(error, `working in ${context.layout.home}`);
    if (turn.came || !(known instanceof InstallError) || !acceptable.includes(known.code))
      throw known;
    return await work({ kind: 'as-it-is', reason: known.code });
  }
}
