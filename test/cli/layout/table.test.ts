import { describe, expect, it } from 'vitest';
import type { Layout } from '../../../src/cli/layout/layout.ts';
import { layOut } from '../../../src/cli/layout/lines.ts';
import { tableLines, type Column, type Table } from '../../../src/cli/layout/table.ts';
import { unicodeCells } from '../../../src/cli/layout/unicode-cells.ts';

function shown(table: Table, columns?: number): string[] {
  const layout: Layout = { cells: unicodeCells, ...(columns !== undefined && { columns }) };
  return layOut(tableLines(table, layout), layout);
}

const files: readonly Column[] = [{}, { fit: 'middle' }, { align: 'right' }, { fit: 'words' }];
const reason = 'not changed here; v1.1.0 has another version';
const long = 'runtime/examples/code-reviewer-trigger-regression-sample.json';
const rows = [
  ['  = kept', 'META.yaml', '199 B', reason],
  ['  = kept', long, '12.1 KiB', 'changed here'],
];

describe('a table', () => {
  it('aligns its columns, without trailing space', () => {
    const columns: Column[] = [{}, { align: 'right' }, {}];
    const rows = [
      ['店铺', '1', ''],
      ['bbb', '22', 'x'],
    ];
    expect(shown({ columns, rows })).toEqual(['店铺   1', 'bbb   22  x']);
  });

  it('leaves out a column that nothing stands in', () => {
    const rows = [['a', '', 'c']];
    expect(shown({ columns: [{}, {}, {}], rows })).toEqual(['a  c']);
  });

  it('is not pushed away by one endless cell, where nothing is shortened', () => {
    const endless = 'b'.repeat(100);
    const rows = [
      ['a', 'x'],
      [endless, 'y'],
    ];
    const columns: Column[] = [{ fit: 'middle' }, {}];
    expect(shown({ columns, rows })).toEqual([`${'a'.padEnd(72)}  x`, `${endless}  y`]);
  });

  it('shortens paths so that sizes and reasons stay beside them', () => {
    expect(shown({ columns: files, rows }, 100)).toEqual([
      `  = kept  META.yaml                              199 B  ${reason}`,
      '  = kept  runtime/examp…gression-sample.json  12.1 KiB  changed here',
    ]);
  });

  it('puts reasons below that would be narrow columns', () => {
    expect(shown({ columns: files, rows, alignBelow: 1 }, 60)).toEqual([
      '  = kept  META.yaml                                    199 B',
      `          ${reason}`,
      '  = kept  runtime/example…r-regression-sample.json  12.1 KiB',
      '          changed here',
    ]);
  });

  it('has one field on a line below 60 columns', () => {
    expect(shown({ columns: files, rows: rows.slice(0, 1) }, 59)).toEqual([
      '  = kept',
      '      META.yaml',
      '      199 B',
      `      ${reason}`,
    ]);
    const titled: Column[] = [{ title: '  id' }, { title: 'STATUS' }];
    const rowsOfTitled = [['* ab', 'active']];
    expect(shown({ columns: titled, rows: rowsOfTitled, paintTitles: (line) => line }, 50)).toEqual(
      ['* ab', '    status: active'],
    );
  });

  it('has one field on a line where what must stay whole does not fit', () => {
    const rows = [['a'.repeat(64), 'b'.repeat(64)]];
    expect(shown({ columns: [{}, {}], rows }, 100)).toEqual([
      'a'.repeat(64),
      `  ${'b'.repeat(64)}`,
    ]);
  });

  it('gives up an optional column before it squeezes another', () => {
    const columns: Column[] = [
      { title: 'when', optional: true },
      { title: 'what', fit: 'words', least: 30 },
    ];
    const table = {
      columns,
      rows: [['2026-11-20 23:59:59 and then some more', 'install v1.0.0 -> v1.1.0 (merge)']],
      paintTitles: (line: string) => line.toUpperCase(),
    };
    expect(shown(table, 60)).toEqual(['WHAT', 'install v1.0.0 -> v1.1.0 (merge)']);
    expect(shown(table, 100)).toHaveLength(2);
    expect(shown(table, 100)[0]).toMatch(/^WHEN +WHAT$/);
  });

  it('parts what room there is evenly among those that want more', () => {
    const columns: Column[] = [{ fit: 'middle' }, { fit: 'middle' }, { fit: 'middle' }];
    const rows = [['short', 'a'.repeat(50), 'b'.repeat(50)]];
    const [line = ''] = shown({ columns, rows }, 69);
    expect(line.split('  ').map((cell) => cell.length)).toEqual([5, 30, 30]);
  });
});
