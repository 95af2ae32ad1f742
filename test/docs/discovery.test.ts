import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listingErrorCodes } from '../../src/protocol/discovery/listing.ts';
import type { Program } from '../support/program.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/discovery.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, block]) =>
    name === language ? [block ?? ''] : [],
  );

test('docs/discovery.md names every code of errors[] with its meaning', () => {
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ]);
  expect(Object.fromEntries(rows)).toEqual(listingErrorCodes);
});

test('docs/discovery.md shows what its commands print', async () => {
  const directory = join(temporaryDirectory(), 'project');
  mkdirSync(directory);
  const commands = blocks('console').flatMap((block) => block.split(/^\$ /m).slice(1));
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) {
    const [line = '', ...shown] = command.split('\n');
    const [program, ...words] = line.match(/"[^"]*"|\S+/g) ?? [];
    const args = words.map((word) => word.replaceAll('"', ''));
    const { stdout } = await runInProcess({ directory }, program as Program, ...args);
    const printed = stdout.replaceAll(directory, '/home/you/project');
    if (program === 'identity') expect(printed.trim(), line).toBe(shown.join('\n').trim());
  }
});

test('docs/discovery.md answers as the example of the contract does', () => {
  const [, answer] = blocks('json');
  const response = join(root, 'fixtures/discovery/seed-example/response.json');
  expect(JSON.parse(answer ?? '')).toEqual(JSON.parse(readFileSync(response, 'utf8')));
});
