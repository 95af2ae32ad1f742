import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes, exitCodes } from '../../src/core/error-codes.ts';
import { problemMeanings } from '../../src/inspection/verify/problem.ts';
import { tableUnder } from '../support/markdown-table.ts';

const document = readFileSync(
  join(import.meta.dirname, '..', '..', 'docs', 'error-codes.md'),
  'utf8',
);
const headings = [...document.matchAll(/^### (.*)$/gm)]
  .map(([, heading = '']) => heading)
  .filter((heading) => heading !== 'Problems');
const rows = headings.flatMap((heading) => tableUnder(document, heading));

describe('docs/error-codes.md', () => {
  test('has every code once, and no other', () => {
    const documented = rows.map((row) => row['code']);
    expect(documented.toSorted()).toEqual(Object.keys(errorCodes).toSorted());
  });

  test.each(Object.entries(errorCodes))('%s says what the code says', (code, { exit, meaning }) => {
    const row = rows.find((one) => one['code'] === code);
    expect({ exit: row?.['exit'], meaning: row?.['meaning'] }).toEqual({
      exit: exit.toString(),
      meaning,
    });
    expect(row?.['what to do']).toMatch(/\.$/);
  });

  test('has every problem that a verification finds, and what follows from it', () => {
    const documented = tableUnder(document, 'Problems').map((row) => [
      row['code'],
      {
        severity: row['exit'] === '6' ? 'error' : 'warn',
        meaning: row['meaning'],
        follows: row['what follows'],
        blocks: row['blocks'],
      },
    ]);
    expect(Object.fromEntries(documented)).toEqual(problemMeanings);
    expect(documented).toHaveLength(Object.keys(problemMeanings).length);
  });

  test('has every exit code, and no other', () => {
    const documented = tableUnder(document, 'Exit codes').map((row) => [
      row['name'],
      Number(row['exit']),
    ]);
    expect(Object.fromEntries(documented)).toEqual(exitCodes);
    expect(documented).toHaveLength(Object.keys(exitCodes).length);
  });
});
