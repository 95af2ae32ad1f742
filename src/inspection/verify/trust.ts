import { operationsOf } from '../../engine/trail/history.ts';
import type { LedgerChain } from '../../engine/trail/ledger.ts';
import { blocks, vouchesNoLonger, type HomeProblem } from './problem.ts';
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
 * evidence, and the undo of every operation that no problem prevents. Where the last line has no
 * evidence that vouches for it, no command goes on.
 */
export function trustOf(chain: LedgerChain, problems: readonly HomeProblem[]): HomeTrust {
  const { entries, beyond } = chain;
  const last = entries.at(-1)?.ref;
  const unvouched = (problem: HomeProblem): boolean =>
    problem.ref === last && vouchesNoLonger(problem);
  const doubtful = new Set(
    problems
      .filter((problem) => problem.code === 'LEDGER_EDITED' || unvouched(problem))
      .map(({ ref }) => ref),
  );
  const first = entries.findIndex(({ ref }) => doubtful.has(ref));
  const trusted = first === -1 ? entries : entries.slice(0, first);
  const scopeOf = (problem: HomeProblem) => (unvouched(problem) ? 'home' : blocks(problem));
  const blocking = problems.filter((problem) => scopeOf(problem) !== 'nothing');
  const notUndoable = operationsOf([...entries, ...beyond])
    .filter(({ outcome, undoneBy }) => outcome === 'done' && undoneBy === null)
    .filter(({ ref, identity_id: id }) =>
      blocking.some((problem) => {
        const scope = scopeOf(problem);
        if (scope === 'home') return true;
        return scope === 'identity' ? problem.id === id : problem.ref === ref;
      }),
    )
    .map(({ ref }) => ref)
    .reverse();
  return { operations: trusted.length, until: trusted.at(-1)?.at ?? null, notUndoable };
}
