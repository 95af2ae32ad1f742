import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EntryState } from '../../src/core/entry.ts';
import type { FileClass } from '../../src/instance/classes.ts';
import type { Mode } from '../../src/install/plan/plan.ts';
import {
  decide,
  type Decision,
  type ThreeWay,
  type ThreeWayOptions,
} from '../../src/install/plan/three-way.ts';
import { tableUnder } from '../support/markdown-table.ts';

const document = readFileSync(
  join(import.meta.dirname, '..', '..', 'docs', 'architecture.md'),
  'utf8',
);

const given: Readonly<Record<string, Partial<ThreeWayOptions & ThreeWay>>> = {
  'restore-deleted': { restoreDeleted: true },
  prune: { prune: true },
  'include-state': { includeState: true },
  // `--keep` is nothing but the class `local`.
  keep: {},
  'way-is-clear': { wayIsClear: true },
  'parent-blocked': { parentBlocked: true },
};

function state(text: string): EntryState {
  if (text === '-') return { kind: 'absent' };
  if (text === 'dir') return { kind: 'directory' };
  if (text === 'link') return { kind: 'link' };
  expect(text).toMatch(/^[a-z](\+x)?$/);
  return { kind: 'file', sha256: text.slice(0, 1), size: 1, executable: text.endsWith('+x') };
}

function written(decision: Decision): string {
  if (decision.kind !== 'keep') return decision.kind;
  return decision.conflict === undefined ? decision.reason : `conflict:${decision.conflict}`;
}

function decided(row: Readonly<Record<string, string>>, mode: Mode, fileClass: string): string {
  const words = row['given']?.split(', ') ?? [];
  const extra = words.map((word) => {
    const meaning = given[word];
    expect(meaning, `"${word}" means something`).toBeDefined();
    return meaning;
  });
  const way = {
    base: state(row['base'] ?? ''),
    local: state(row['local'] ?? ''),
    incoming: state(row['incoming'] ?? ''),
    class: fileClass as FileClass,
    wayIsClear: false,
    parentBlocked: false,
  };
  const options = { mode, restoreDeleted: false, prune: false, includeState: false };
  const all = Object.assign({}, ...extra) as object;
  return written(decide({ ...way, ...all }, { ...options, ...all }));
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
