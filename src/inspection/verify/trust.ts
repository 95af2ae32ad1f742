import { operationsOf } from '../../engine/trail/history.ts';
import type { LedgerChain } from '../../engine/trail/ledger.ts';
import { blocks, type HomeProblem } from './problem.ts';
import type { OperationRef } from '../../core/operation-ref.ts';

/** What can still be trusted in a home that was verified as a whole. */
export interface HomeTrust {
  /** Lines of the ledger, from the first, that are intact. */
  readonly operations: number;
  /** The time of the last of them; null if there are none. */
  readonly until: string | null;
  /** Operations in effect that a rollback would refuse because of a problem, newest first. */
  readonly notUndoable: readonly OperationRef[];
}

/**
 * What can still be trusted: the lines before the first that is damaged or contradicted by its
 * evidence, and the undo of every operation that no problem prevents.
 */
export function trustOf(chain: LedgerChain, problems: readonly HomeProblem[]): HomeTrust {
  const { entries, beyond } = chain;
  const edited = new Set(
    problems.filter(({ code }) => code === 'LEDGER_EDITED').map(({ ref }) => ref),
  );
  const first = entries.findIndex(({ ref }) => edited.has(ref));
  const trusted = first === -1 ? entries : entries.slice(0, first);
  const blocking = problems.filter((problem) => blocks(problem) !== 'nothing');
  const notUndoable = operationsOf([...entries, ...beyond])
    .filter(({ outcome, undoneBy }) => outcome === 'done' && undoneBy === null)
    .filter(({ ref, identity_id: id }) =>
      blocking.some((problem) => {
        const scope = blocks(problem);
        if (scope === 'home') return true;
        return scope === 'identity' ? problem.id === id : problem.ref === ref;
      }),
    )
    .map(({ ref }) => ref)
    .reverse();
  return { operations: trusted.length, until: trusted.at(-1)?.at ?? null, notUndoable };
}
