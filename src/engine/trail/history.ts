import { InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { steps } from '../../core/remedy.ts';
import type { LedgerEntry } from './ledger.ts';

/** One operation of the ledger, and whether it is still in effect. */
export interface Operation extends LedgerEntry {
  /** The rollback that undid it, unless that rollback was itself undone. */
  readonly undoneBy: OperationRef | null;
}

/**
 * The operations of a ledger, oldest first. Undoing an undo puts the first operation into effect
 * again, and so on: whether an undo counts depends on everything after it.
 */
export function operationsOf(entries: readonly LedgerEntry[]): readonly Operation[] {
  const undoneBy = new Map<OperationRef, OperationRef>();
  for (const entry of [...entries].reverse()) {
    if (entry.undoes === null || entry.outcome === 'aborted' || undoneBy.has(entry.ref)) continue;
    if (!undoneBy.has(entry.undoes)) undoneBy.set(entry.undoes, entry.ref);
  }
  return entries.map((entry) => ({ ...entry, undoneBy: undoneBy.get(entry.ref) ?? null }));
}

/**
 * The operations that a reference of the user names, newest first: `last`, `<id>@last`, an
 * operation id or a unique prefix of one, or a run id for everything that the run did.
 *
 * @throws InstallError E_REF_UNKNOWN, E_REF_AMBIGUOUS
 */
export function resolveReference(
  operations: readonly Operation[],
  reference: string,
  home: string,
): readonly Operation[] {
  const done = operations.filter((operation) => operation.outcome === 'done');
  if (reference === 'last' || reference.endsWith('@last')) {
    const id = reference === 'last' ? undefined : reference.slice(0, -'@last'.length);
    const last = done
      .filter((operation) => id === undefined || operation.identity_id === id)
      .at(-1);
    if (last !== undefined) return [last];
    throw unknownReference(reference, home);
  }
  const exact = done.filter((operation) => operation.ref === reference);
  if (exact.length > 0) return exact;
  const run = done.filter((operation) => operation.run_id === reference);
  if (run.length > 0) return run.reverse();
  const matching = reference.length < 4 ? [] : done.filter((one) => one.ref.startsWith(reference));
  if (matching.length > 1) {
    throw new InstallError('E_REF_AMBIGUOUS', `Several operations begin with ${reference}.`, {
      remedy: { kind: 'choose', among: matching.map((operation) => operation.ref) },
      details: { refs: matching.map((operation) => operation.ref) },
    });
  }
  if (matching.length === 0) throw unknownReference(reference, home);
  return matching;
}

/** @param home absolute */
function unknownReference(reference: string, home: string): InstallError {
  return new InstallError('E_REF_UNKNOWN', `There is no operation ${reference}.`, {
    remedy: { kind: 'command', command: 'history', home, to: 'see the operations of this home' },
  });
}

/** The same for a home in which nothing was done yet. */
export function referenceInUnusedHome(reference: string, home: string): InstallError {
  return new InstallError(
    'E_REF_UNKNOWN',
    `There is no operation ${reference}: nothing was done in ${home} yet.`,
    { remedy: { kind: 'option', option: 'home', to: 'use another home' } },
  );
}

/**
 * Later operations on the same identity whose effect a rollback would partly undo, newest first. An
 * operation and the rollback that undid it cancel each other.
 */
export function operationsInTheWay(
  operations: readonly Operation[],
  target: Operation,
): readonly Operation[] {
  const position = operations.findIndex((operation) => operation.ref === target.ref);
  const later = operations
    .slice(position + 1)
    .filter((one) => one.identity_id === target.identity_id && one.outcome === 'done');
  const laterRefs = new Set(later.map((operation) => operation.ref));
  return later
    .filter((operation) => operation.undoneBy === null)
    .filter((operation) => operation.undoes === null || !laterRefs.has(operation.undoes))
    .reverse();
}

interface UndoWish {
  /** Undo the operations that are in the way first. */
  readonly through: boolean;
  /** Whether the request is about parts of the operation only. */
  readonly partly: boolean;
  /** Absolute; for remedies. */
  readonly home: string;
}

/**
 * What has to be undone to undo the targets, newest first; they do not block each other.
 *
 * @throws InstallError E_NOTHING_TO_UNDO if it is already undone, E_ROLLBACK_BLOCKED if later
 *   operations are in the way and `through` is not set
 */
export function undoSequence(
  operations: readonly Operation[],
  targets: readonly Operation[],
  wish: UndoWish,
): readonly Operation[] {
  const together = new Set(targets);
  for (const target of targets) {
    for (const one of refuseBlocked(operations, target, { ...wish, together })) together.add(one);
  }
  return operations.filter((operation) => together.has(operation)).reverse();
}

/** @returns what has to be undone before the target */
function refuseBlocked(
  operations: readonly Operation[],
  target: Operation,
  { together, through, partly, home }: UndoWish & { readonly together: ReadonlySet<Operation> },
): readonly Operation[] {
  if (target.undoneBy !== null) {
    throw new InstallError(
      'E_NOTHING_TO_UNDO',
      `${target.ref} was undone already, by ${target.undoneBy}.`,
      {
        remedy: {
          kind: 'undo',
          ref: target.undoneBy,
          operations: [target.undoneBy],
          home,
          to: 'do it again',
        },
      },
    );
  }
  const blocking = operationsInTheWay(operations, target).filter((one) => !together.has(one));
  if (blocking.length > 0 && !through) {
    const refs = blocking.map((operation) => operation.ref);
    throw new InstallError(
      'E_ROLLBACK_BLOCKED',
      `Later operations on ${target.identity_id} block the rollback of ${target.ref}: ${refs.join(', ')}.`,
      {
        remedy: steps(
          'Nothing was changed.',
          partly
            ? `Parts of an operation can be undone only if no later operation is in the way. Undo these first, in this order, then try again: ${refs.join(', ')}.`
            : undefined,
          {
            kind: 'undo',
            ref: target.ref,
            through: true,
            operations: [...refs, target.ref],
            home,
            to: partly ? 'undo all of them completely instead' : 'undo them all, newest first',
          },
        ),
        details: { refs },
      },
    );
  }
  return blocking;
}
