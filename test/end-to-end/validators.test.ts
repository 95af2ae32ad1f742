import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packRepository } from '../support/pack-repository.ts';
import { runIn, type Program } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const preload = new URL('../support/validators-read.mjs', import.meta.url).href;
const schemas = fileURLToPath(new URL('../../schemas/contracts', import.meta.url));
const built = fileURLToPath(new URL('../../dist/validators', import.meta.url));
const now = ['--now', '2026-02-22T12:00:00Z'];

/** Which compiled validators a built program reads, in the order in which it asks for them. */
function validatorsReadBy(directory: string, program: Program, ...args: string[]): string[] {
  const log = join(temporaryDirectory(), 'log');
  const variables = { NODE_OPTIONS: `--import=${preload}`, VALIDATORS_READ: log };
  const { status, stderr } = runIn({ directory, variables }, program, ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

test('one contract reads its own validator, and no other', () => {
  const only = (id: string) =>
    validatorsReadBy(packRepository(), 'identity', 'validate', ...now, '--contract', id);
  expect(only('routing')).toEqual(['routing']);
  expect(only('trigger-regression')).toEqual(['trigger-regression', 'trigger-regression-report']);
});

test('all contracts read each validator once', () => {
  const read = validatorsReadBy(packRepository(), 'identity', 'validate', ...now);
  expect(read).toContain('routing');
  expect(read.length).toBeGreaterThan(15);
  expect(new Set(read).size).toBe(read.length);
});

test('what holds nothing against a contract reads none', () => {
  expect(validatorsReadBy(packRepository(), 'identity', 'list')).toEqual([]);
});

test('every schema of a contract has a validator, and nothing else has', () => {
  const names = (directory: string, extension: string) =>
    readdirSync(directory).map((name) => name.replace(extension, ''));
  expect(names(built, '.cjs')).toEqual(names(schemas, '.schema.json'));
});
