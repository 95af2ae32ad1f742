import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  appendToLedger,
  readChain,
  readLedger,
  type LedgerEntry,
} from '../../../src/engine/trail/ledger.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const fs = createTestDisk();

const refFor = (letter: string) => `20261120-235959-${letter.repeat(6)}`;

function entry(letter: string): Omit<LedgerEntry, 'previous'> {
  return {
    ref: refFor(letter),
    run_id: 'run',
    identity_id: 'helper',
    operation: 'install',
    outcome: 'done',
    at: '2026-11-20T23:59:59.000Z',
    summary: 'v1',
    undoes: null,
    evidence_sha256: '0',
  };
}

function ledgerOf(...letters: string[]): string {
  const path = join(temporaryDirectory(), 'ledger.jsonl');
  for (const letter of letters) {
    appendToLedger(fs, path, readLedger(fs, path), entry(letter));
  }
  return path;
}

const refsIn = (path: string) => readLedger(fs, path).entries.map(({ ref }) => ref.at(-1));

test('a ledger that is not there is empty; every line follows from the one before', () => {
  expect(refsIn(ledgerOf())).toEqual([]);
  expect(refsIn(ledgerOf('a', 'b', 'c'))).toEqual(['a', 'b', 'c']);
});

test('a torn last line is reported, and dropped by the next append', () => {
  const path = ledgerOf('a', 'b');
  const whole = readFileSync(path);
  truncateSync(path, whole.length - 5);
  expect(readLedger(fs, path)).toMatchObject({ torn: true, entries: [{ ref: refFor('a') }] });
  appendToLedger(fs, path, readLedger(fs, path), entry('c'));
  expect(readLedger(fs, path)).toMatchObject({ torn: false });
  expect(refsIn(path)).toEqual(['a', 'c']);
});

test.each([
  ['an edited line', (text: string) => text.replace(refFor('b'), refFor('e')), 3],
  ['a missing line', (text: string) => text.split('\n').toSpliced(1, 1).join('\n'), 2],
  [
    'lines that changed places',
    (text: string) => text.split('\n').slice(0, 2).reverse().join('\n') + '\n',
    1,
  ],
  ['a line that is not valid JSON', (text: string) => text.replace('{', '('), 1],
  ['a line that is null', (text: string) => `${text}null\n`, 4],
  ['a reference like ../../victim', (text: string) => text.replace(refFor('c'), '../../victim'), 3],
  [
    'an undone reference like ../../victim',
    (text: string) => text.replace(/null(.*\n)$/, '"../../victim"$1'),
    3,
  ],
  [
    'an id like ../../victim',
    (text: string) => text.replace(/"helper"(.*\n)$/, '"../../victim"$1'),
    3,
  ],
])('%s is refused with its number', (_name, edit, line) => {
  const path = ledgerOf('a', 'b', 'c');
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
  expect(() => readLedger(fs, path)).toThrow(
    expect.objectContaining({ code: 'E_LEDGER_DAMAGED', details: { path, line } }),
  );
  const { damage, entries } = readChain(fs, path);
  expect([damage?.line, entries.length]).toEqual([line, line - 1]);
});

test('bytes that are not valid UTF-8 do not hash as what they decode to', () => {
  const path = ledgerOf('a', 'b');
  const text = readFileSync(path);
  const at = text.indexOf('"v1"');
  const replacement = Buffer.from('\uFFFD');
  writeFileSync(
    path,
    Buffer.concat([text.subarray(0, at + 1), replacement, text.subarray(at + 3)]),
  );
  const withMark = readChain(fs, path).heads[0];
  writeFileSync(
    path,
    Buffer.concat([text.subarray(0, at + 1), Buffer.of(0xff), text.subarray(at + 3)]),
  );
  expect(readChain(fs, path).heads[0]).not.toBe(withMark);
});

test('an appended line that nobody wrote through us is refused', () => {
  const path = ledgerOf('a');
  appendFileSync(path, `${JSON.stringify({ ...entry('b'), previous: '0'.repeat(64) })}\n`);
  expect(() => readLedger(fs, path)).toThrow(expect.objectContaining({ code: 'E_LEDGER_DAMAGED' }));
});
