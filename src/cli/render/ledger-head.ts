import type { LedgerHead } from '../../inspection/verify/expected-head.ts';
import { labelled, type Line } from '../layout/lines.ts';
import { count } from './fold.ts';

/** What to note down, to know later that history was only added to. */
export function headLine(head: string | null, operations: number): Line[] {
  return head === null ? [] : [labelled('Ledger head:', head, count(operations, 'operation'))];
}

/** What became of the head that was expected; nothing when none was. */
export function expectedLine({ expected }: LedgerHead): string[] {
  if (expected === null) return [];
  const since =
    expected.addedSince === 0
      ? 'nothing was added since'
      : `${count(expected.addedSince, 'operation')} ${expected.addedSince === 1 ? 'was' : 'were'} added since`;
  return [`The expected head is in the ledger; ${since}.`];
}
