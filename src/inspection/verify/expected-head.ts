import { InstallError } from '../../core/errors.ts';
import { steps } from '../../core/remedy.ts';
import { headOf, type LedgerChain } from '../../engine/trail/ledger.ts';

/** The head of the ledger, and whether the expected one was found. */
export interface LedgerHead {
  /** SHA-256 of the last line; null if nothing was done yet. */
  readonly head: string | null;
  readonly operations: number;
  /** Null if no head was expected, or it was not found. */
  readonly expected: { readonly head: string; readonly addedSince: number } | null;
}

/** The state of the ledger, and the position in it of a head that was noted earlier. */
export function ledgerHead(chain: LedgerChain, expected: string | undefined): LedgerHead {
  const { entries, heads } = chain;
  const at = expected === undefined ? -1 : heads.indexOf(expected);
  return {
    head: headOf(chain),
    operations: entries.length,
    expected:
      expected === undefined || at === -1
        ? null
        : { head: expected, addedSince: heads.length - 1 - at },
  };
}

/** The problem if the expected head is not in the chain; otherwise undefined. */
export function headMissing(ledger: LedgerHead, expected: string | undefined): string | undefined {
  if (expected === undefined || ledger.expected !== null) return undefined;
  return `The ledger never had the head ${expected}; its head is ${ledger.head ?? 'none, it is empty'}.`;
}

/** @throws InstallError E_LEDGER_HEAD */
export function requireHead(ledger: LedgerHead, expected: string | undefined, path: string): void {
  const message = headMissing(ledger, expected);
  if (message === undefined) return;
  throw new InstallError('E_LEDGER_HEAD', message, {
    remedy: steps(
      'Check that the head was noted for this home. If it was, the ledger was rewritten or is an older copy.',
      { kind: 'restore', what: 'the ledger' },
    ),
    details: { path, expected, head: ledger.head },
  });
}
