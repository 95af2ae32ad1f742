import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileClass } from '../../src/instance/classes.ts';
import type { Mode } from '../../src/planning/plan.ts';
import { tableUnder } from '../support/markdown-table.ts';
import { decideInWords, type Given } from '../support/three-way-words.ts';

const document = readFileSync(
  join(import.meta.dirname, '..', '..', 'docs', 'architecture.md'),
  'utf8',
);

const given: Readonly<Record<string, Given>> = {
  'restore-deleted': { restoreDeleted: true },
  prune: { prune: true },
  'include-state': { includeState: true },
  // `--keep` is nothing but the class `local`.
  keep: {},
  'way-is-clear': { wayIsClear: true },
  'parent-blocked': { parentBlocked: true },
};

function decided(row: Readonly<Record<string, string>>, mode: Mode, fileClass: string): string {
  const words = row['given']?.split(', ') ?? [];
  const extra = words.map((word) => {
    const meaning = given[word];
    expect(meaning, `"${word}" means something`).toBeDefined();
    return meaning;
  });
  const states = [row['base'] ?? '', row['local'] ?? '', row['incoming'] ?? ''] as const;
  return decideInWords(states, mode, fileClass as FileClass, Object.assign({}, ...extra) as Given);
}

describe.each([
  ['Shipped files', 'shipped', 20],
  ['State files', 'state', 6],
  ['Options and obstacles', undefined, 15],
] as const)('docs/architecture.md, %s', (heading, fileClass, atLeast) => {
  const rows = tableUnder(document, heading);

  test('the table is there', () => {
    expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  });

  test.each(rows.map((row) => [Object.values(row).join(' | '), row] as const))(
    '%s',
    (_title, row) => {
      const of = (mode: Mode) => decided(row, mode, fileClass ?? row['class'] ?? '');
      expect({ preserve: of('preserve'), merge: of('merge'), replace: of('replace') }).toEqual({
        preserve: row['preserve'],
        merge: row['merge'],
        replace: row['replace'],
      });
    },
  );
});
