import { expect, test } from 'vitest';
import type { InstalledRecord } from '../../../src/core/record.ts';
import type { Intent } from '../../../src/engine/journal/intent.ts';
import { settledRecord } from '../../../src/engine/transaction/settled-record.ts';

const names = ['__proto__', 'constructor', 'toString'];

/** An intent as it is read from a journal: its records have what `JSON.parse` makes of them. */
function intentOf(before: readonly string[]): Intent {
  const filesOf = (paths: readonly string[], sha256: string) =>
    `{${paths.map((path) => `"${path}": {"sha256": "${sha256}"}`).join(', ')}}`;
  const changes = names.map((path) => ({ root: 'instance', path }));
  return JSON.parse(
    `{"changes": ${JSON.stringify(changes)},
      "recordBefore": {"files": ${filesOf(before, 'old')}},
      "recordAfter": {"files": ${filesOf(names, 'new')}}}`,
  ) as Intent;
}

const basesOf = (record: InstalledRecord | null) =>
  Object.entries(record?.files ?? {}).map(([path, { sha256 }]) => [path, sha256]);

test('changes that do not stand keep the base that they had, whatever they are called', () => {
  expect(basesOf(settledRecord(intentOf(names), new Set([1])))).toEqual([
    ['__proto__', 'old'],
    ['constructor', 'new'],
    ['toString', 'old'],
  ]);
});

test('and no base where they had none', () => {
  expect(basesOf(settledRecord(intentOf([]), new Set()))).toEqual([]);
});
