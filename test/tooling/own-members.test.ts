import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { ownMembers } from '../../scripts/lint/own-members.mjs';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What each sample may use. */
const given = `
declare const record: Readonly<Record<string, number>>;
declare const maybe: Record<string, number> | undefined;
declare const files: { readonly [path: string]: number };
declare const either: readonly number[] | Record<string, number>;
declare const known: { readonly a: number; readonly b: number };
declare const list: readonly string[];
declare const name: string;
declare const word: 'a' | 'b';
declare const loose: 'a' | (string & {});
declare const index: number;
`;

const refused: readonly string[] = [
  'export const one = record[name];',
  'export const one = maybe?.[name];',
  'export const one = (maybe ?? {})[name];',
  'export const one = files[`${name}`];',
  'export const one = Array.isArray(either) ? 0 : (either as Record<string, number>)[name];',
  'export const one = record[loose];',
  'export const one = list.map((path) => record[path]);',
  'export const { [name]: one } = record;',
  'export const all: Record<string, number> = {}; all[name] = 1;',
  'export const all: Record<string, number> = {}; all[name] ??= 1;',
  'export const all: Record<string, number> = {}; for (const each of list) all[each] = 1;',
  'export const read = <T extends Record<string, number>>(from: T) => from[name];',
  'export const read = <K extends string>(key: K) => record[key];',
  'export const one = name in record;',
  'export const one = name in known;',
  'export const all = Object.assign({}, record);',
];

const allowed: readonly string[] = [
  "export const one = record['a'];",
  'export const one = record[word];',
  'export const one = known[word];',
  'export const one = known[name as keyof typeof known];',
  'export const one = list[index];',
  "export const one = 'a' in known;",
  'export const one = new Map(Object.entries(record)).get(name);',
  'export const one = Object.hasOwn(record, name);',
  'export const all = Object.fromEntries(list.map((each) => [each, 1]));',
  'export const all = { ...record, [name]: 1 };',
  'export const all = Object.assign(new Error(name), { code: name });',
  'export const { a: one } = known;',
];

/** The rules that each sample breaks, as the linter sees a project that is made of them. */
async function brokenBy(samples: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const compilerOptions = { strict: true, target: 'ES2023', module: 'NodeNext', types: [] };
  const directory = temporaryDirectory({
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    ...Object.fromEntries(samples.map((code, at) => [`sample-${at}.ts`, `${given}${code}\n`])),
  });
  const eslint = new ESLint({
    cwd: directory,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['*.ts'],
      plugins: { house: { rules: { 'own-members': ownMembers } } },
      rules: { 'house/own-members': 'error' },
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { project: 'tsconfig.json', tsconfigRootDir: directory },
      },
    },
  });
  const results = await eslint.lintFiles(samples.map((_code, at) => `sample-${at}.ts`));
  return samples.map((code, at) => {
    const result = results.find(({ filePath }) => filePath.endsWith(`sample-${at}.ts`));
    return [code, ...(result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? ['?'])];
  });
}

describe('the linter', () => {
  test('refuses to look up, or to set, any name in an object that may hold any name', async () => {
    const expected = refused.map((code) => [code, 'house/own-members']);
    expect(await brokenBy(refused)).toEqual(expected);
  });

  test('leaves alone what no name from outside can lead astray', async () => {
    expect(await brokenBy(allowed)).toEqual(allowed.map((code) => [code]));
  });

  test.each(['src/core', 'src/planning', 'src/platform/git', 'src/server/mcp', 'src/cli/options'])(
    'does so in %s',
    async (room) => {
      const root = join(import.meta.dirname, '..', '..');
      const config = (await new ESLint({ cwd: root }).calculateConfigForFile(
        join(root, room, 'made-up.ts'),
      )) as { rules: Record<string, unknown> };
      expect(config.rules['house/own-members']).toEqual([2]);
    },
  );
});
