import type { VerifyHomeRun } from '../../src/inspection/verify/verify-home.ts';
import type { VerifyRun } from '../../src/inspection/verify/verify.ts';

const ledger = { head: 'f'.repeat(64), operations: 3, expected: null };

/** A verification that found nothing, of no identity. */
export function verification(more: Partial<VerifyRun> = {}): VerifyRun {
  return {
    home: '/h',
    readOnly: false,
    ledger,
    identities: [],
    registered: [],
    pending: [],
    ...more,
  };
}

/** The same of a whole home. */
export function homeVerification(more: Partial<VerifyHomeRun> = {}): VerifyHomeRun {
  return {
    home: '/h',
    locked: true,
    reason: null,
    ledger,
    identities: [],
    problems: [],
    trust: { operations: 3, until: '2026-11-20T23:59:59.000Z', notUndoable: [] },
    checked: { operations: 3, snapshots: 1, bases: 0, refs: 2 },
    ...more,
  };
}
