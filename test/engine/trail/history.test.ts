import { describe, expect, test } from 'vitest';
import {
  operationsInTheWay,
  operationsOf,
  resolveReference,
  undoSequence,
  type Operation,
} from '../../../src/engine/trail/history.ts';
import type { LedgerEntry } from '../../../src/engine/trail/ledger.ts';
import { saying } from '../../support/hint-of.ts';

/** `a` installs identity `one`; `b>a` undoes `a`; `c@two` is about `two`; `d!` was aborted. */
function ledger(text: string): readonly Operation[] {
  const entries = text.split(' ').map((word): LedgerEntry => {
    const [, ref = '', undoes, id = 'one', aborted] =
      /^(\w+)(?:>(\w+))?(?:@(\w+))?(!)?$/.exec(word) ?? [];
    return {
      ref: full(ref),
      run_id: `run-${id}`,
      identity_id: id,
      operation: undoes === undefined ? 'install' : 'rollback',
      outcome: aborted === undefined ? 'done' : 'aborted',
      at: '2026-11-20T23:59:59.000Z',
      summary: word,
      undoes: undoes === undefined ? null : full(undoes),
      evidence_sha256: '',
      previous: '',
    };
  });
  return operationsOf(entries);
}

const wish = {
  through: true,
  partly: false,
  home: '/home/of/test',
};
const full = (letter: string) => `2026112${letter}-000000-00000${letter}`;
const letters = (operations: readonly Operation[]) =>
  operations.map((operation) => operation.ref.at(-1)).join('');
const find = (operations: readonly Operation[], letter: string) =>
  operations.find((operation) => operation.ref === full(letter)) as Operation;

describe('what stands', () => {
  test.each([
    ['1', '1'],
    ['1 2>1', '2'],
    ['1 2>1 3>2', '13'],
    ['1 2>1 3>2 4>3', '24'],
    ['1 2 3>2', '13'],
  ])('of %s: %s', (text, standing) => {
    expect(letters(ledger(text).filter((operation) => operation.undoneBy === null))).toBe(standing);
  });

  test('an aborted rollback undid nothing', () => {
    expect(ledger('1 2>1!')[0]?.undoneBy).toBeNull();
  });
});

describe('what is in the way of undoing', () => {
  test.each([
    ['1', '1', ''],
    ['1 2', '1', '2'],
    ['1 2 3', '1', '32'],
    ['1 2 3>2', '1', ''],
    ['1 2 3>2 4>3', '1', '2'],
    ['1 2@two', '1', ''],
    ['1 2!', '1', ''],
    ['1 2 3', '2', '3'],
  ])('of %s, operation %s: %s', (text, target, expected) => {
    const operations = ledger(text);
    expect(letters(operationsInTheWay(operations, find(operations, target)))).toBe(expected);
  });

  test('it is refused, with the command that undoes all; or done newest first', () => {
    const operations = ledger('1 2 3');
    expect(() =>
      undoSequence(operations, [find(operations, '1')], { ...wish, through: false }),
    ).toThrow(
      expect.objectContaining({
        code: 'E_ROLLBACK_BLOCKED',
        remedy: saying(`identity-rollback ${full('1')} --home /home/of/test --through`),
      }),
    );
    const partly = { ...wish, through: false, partly: true };
    expect(() => undoSequence(operations, [find(operations, '1')], partly)).toThrow(
      expect.objectContaining({
        remedy: saying(`in this order, then try again: ${full('3')}, ${full('2')}.`),
      }),
    );
    expect(letters(undoSequence(operations, [find(operations, '1')], wish))).toBe('321');
  });

  test('what is undone already is not undone again', () => {
    const operations = ledger('1 2>1');
    expect(() => undoSequence(operations, [find(operations, '1')], wish)).toThrow(
      expect.objectContaining({ code: 'E_NOTHING_TO_UNDO' }),
    );
  });
});

describe('a reference', () => {
  const operations = ledger('1 2@two 3 4@two!');
  test.each([
    ['last', '3'],
    ['two@last', '2'],
    ['one@last', '3'],
    [full('1'), '1'],
    ['20261121', '1'],
    ['run-one', '31'],
  ])('%s is %s', (reference, expected) => {
    expect(letters(resolveReference(operations, reference, wish.home))).toBe(expected);
  });

  test.each([
    ['nothing', 'E_REF_UNKNOWN'],
    ['three@last', 'E_REF_UNKNOWN'],
    ['2026', 'E_REF_AMBIGUOUS'],
    ['20', 'E_REF_UNKNOWN'],
    ['../../victim', 'E_REF_UNKNOWN'],
    [full('4'), 'E_REF_UNKNOWN'],
  ])('%s is refused: %s', (reference, code) => {
    expect(() => resolveReference(operations, reference, wish.home)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test('last of no operation is an unknown reference', () => {
    expect(() => resolveReference([], 'last', wish.home)).toThrow(
      expect.objectContaining({ code: 'E_REF_UNKNOWN' }),
    );
  });
});
