import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaintsAbout, filesOf, rowsOf } from '../../scripts/reliability-map.mjs';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const head = '| what | what happens | shown by |\n| --- | --- | --- |\n';
const file = 'test/a.test.ts';
const tests = [
  { file, name: 'outer › runs', mode: 'run' },
  { file, name: 'outer › row 1', mode: 'run' },
  { file, name: 'outer › row 2', mode: 'run' },
  { file, name: 'needs root', mode: 'skip' },
  { file, name: 'later', mode: 'todo' },
];

function complaints(cell: string, source = ''): string[] {
  return complaintsAbout(rowsOf(`${head}| a row | | ${cell} |\n`), tests, () => source);
}

describe('the map of reliability', () => {
  it('may name tests, and all of a beginning', () => {
    expect(complaints('`test/a.test.ts › outer › runs`')).toEqual([]);
    expect(complaints('`test/a.test.ts › outer › runs`, `test/a.test.ts › outer › row…`')).toEqual(
      [],
    );
  });

  it.each([
    ['', 'names no test'],
    ['outer › runs', 'names no test'],
    ['`test/a.test.ts › outer › run`', 'there is no test'],
    ['`test/b.test.ts › outer › runs`', 'there is no test'],
    ['`test/a.test.ts › outer › runs`, `test/a.test.ts › gone`', '› gone'],
    ['`test/a.test.ts`', 'there is no test'],
    ['`test/a.test.ts…`', 'there is no test'],
    ['`test/a.test.ts › no such row…`', 'there is no test'],
    ['`test/a.test.ts › later`', 'does not run (todo)'],
  ])('is refused with the cell %j', (cell, complaint) => {
    expect(complaints(cell)).toEqual([expect.stringContaining(complaint)]);
    expect(complaints(cell)[0]).toMatch(/^line 3 \(a row\)/);
  });

  it('may name a test that runs only on some machines, and none that is switched off', () => {
    const cell = '`test/a.test.ts › needs root`';
    expect(complaints(cell, "it.skipIf(!root)('needs root')")).toEqual([]);
    expect(complaints(cell, "it('needs root', { skip: !root })")).toEqual([]);
    expect(complaints(cell, "it.skip('needs root')")).toHaveLength(1);
    expect(complaints(cell, "describe.skip.each([1])('needs root')")).toHaveLength(1);
    expect(complaints(cell, "it('needs root', { skip: true })")).toHaveLength(1);
  });

  it('has to be there, and is only the tables that are shown by tests', () => {
    expect(complaintsAbout(rowsOf('# Nothing\n'), tests, () => '')).toHaveLength(1);
    const figures = '| sweep | points |\n| --- | ---: |\n| x | 1 |\n';
    expect(rowsOf(`${figures}\n${head}| a \\| b | | \`x.test.ts › y\` |\n`)).toEqual([
      { line: 7, what: 'a | b', named: ['x.test.ts › y'] },
    ]);
    expect(filesOf(rowsOf(`${head}| a | | \`x.test.ts › y\`, \`x.test.ts › z\` |\n`))).toEqual([
      'x.test.ts',
    ]);
  });

  it('is compared with the existing tests', () => {
    const document = join(temporaryDirectory(), 'map.md');
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'check-reliability.mjs');
    const check = (name: string) => {
      writeFileSync(document, `${head}| a row | | \`test/package-lock.test.ts › ${name}\` |\n`);
      const { status, stderr } = spawnSync(process.execPath, [script, document], {
        encoding: 'utf8',
      });
      return { status, stderr };
    };
    const real = 'the lock holds the optional packages of every platform, or npm ci refuses it';
    expect(check(real)).toEqual({ status: 0, stderr: '' });
    expect(check('a test that nobody wrote')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no test'),
    });
  });
});
