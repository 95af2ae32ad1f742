import type { LedgerHead } from '../../inspection/verify/expected-head.ts';
import { labelled, type Line } from '../layout/lines.ts';
import { count } from './fold.ts';

/** What to note to check later that history has only grown. */
export function headLine(head: string | null, operations: number): Line[] {
  return head === null ? [] : [labelled('Ledger head:', head, count(operations, 'operation'))];
}

/** Whether the expected head was found; empty if none was expected. */
export function expectedLine({ expected }: LedgerHead): string[] {
  if (expected === null) return [];
  const since =
    expected.addedSince === 0
      ? 'nothing was added since'
      : `${count(expected.addedSince, 'operation')} ${expected.addedSince === 1 ? 'was' : 'were'} added since`;
  return [`The expected head is in the ledger; ${since}.`];
}
