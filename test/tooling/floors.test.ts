import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The rules of this house that a type checker has no part in, so that files can be made up. */
const houseRule = /^(boundaries\/|no-restricted-)/;

const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => houseRule.test(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

/** The rules that a file with this code would break. */
async function brokenRules(path: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
}

const fine: readonly (readonly [file: string, code: string])[] = [
  ['src/instance/made-up.ts', "export { sha256 } from '../core/digest.ts';"],
  ['src/instance/made-up.ts', "export { scanInstance } from './scan.ts';"],
  ['src/operations/made-up.ts', "export { readPack } from '../release/pack.ts';"],
  ['src/cli/render/made-up.ts', "export type { Plan } from '../../planning/plan.ts';"],
  ['src/core/made-up.ts', "export { createHash } from 'node:crypto';"],
  ['src/platform/made-up.ts', "export { readFileSync } from 'node:fs';"],
  ['src/platform/made-up.ts', 'export const now = new Date();'],
  ['src/core/made-up.ts', 'export const day = new Date(0);'],
  ['src/operations/made-up.ts', "export { parseCatalog } from '../protocol/catalog.ts';"],
  ['src/cli/made-up.ts', "export { serveMcp } from '../server/mcp/serve-mcp.ts';"],
  [
    'src/server/mcp/made-up.ts',
    "export type { InstallRun } from '../../operations/install/outcome.ts';",
  ],
  ['src/server/made-up.ts', "export { install } from '../operations/install/install.ts';"],
  ['src/operations/made-up.ts', "export { verify } from '../inspection/verify/verify.ts';"],
  ['src/inspection/made-up.ts', "export { readLedger } from '../engine/trail/ledger.ts';"],
  ['src/cli/made-up.ts', "export { serve } from '../server/json-rpc/serve.ts';"],
  ['src/cli/made-up.ts', "export { scaffoldPack } from '../protocol/creator/scaffold-pack.ts';"],
];

const creator = 'src/protocol/creator/made-up.ts';
const planner = 'src/operations/install/made-up.ts';
const scaffold = 'protocol/creator/scaffold-pack.ts';

const floors = 'boundaries/dependencies';

const broken: readonly (readonly [file: string, code: string, rule: string])[] = [
  ['src/release/made-up.ts', "export { scanInstance } from '../instance/scan.ts';", floors],
  ['src/protocol/made-up.ts', "export type { Pack } from '../release/tree.ts';", floors],
  ['src/core/made-up.ts', "export type { Clock } from '../platform/clock.ts';", floors],
  ['src/platform/made-up.ts', "import '../instance/scan.ts';", floors],
  ['src/operations/made-up.ts', "export { serveMcp } from '../server/mcp/serve-mcp.ts';", floors],
  ['src/server/made-up.ts', "export { main } from '../cli/main.ts';", floors],
  ['src/operations/made-up.ts', "export { main } from '../cli/main.ts';", floors],
  ['src/operations/made-up.ts', "export const later = () => import('../cli/main.ts');", floors],
  ['src/server/made-up.ts', "export { main } from '../cli/main.ts';", floors],
  ['src/protocol/made-up.ts', "export { serve } from '../server/json-rpc/serve.ts';", floors],
  ['src/server/made-up.ts', "export { readFileSync } from 'node:fs';", 'no-restricted-imports'],
  [creator, "export { install } from '../../operations/install/install.ts';", floors],
  [creator, "export const later = () => import('../../operations/install/install.ts');", floors],
  [creator, "export { writeFileSync } from 'node:fs';", 'no-restricted-imports'],
  ['src/operations/made-up.ts', `export * from '../${scaffold}';`, 'no-restricted-imports'],
  [planner, `export { scaffoldPack } from '../../${scaffold}';`, 'no-restricted-imports'],
  [planner, `export type { PackOptions } from '../../${scaffold}';`, 'no-restricted-imports'],
  [planner, `export const later = () => import('../../${scaffold}');`, 'no-restricted-syntax'],
  [planner, "export { readFileSync } from 'node:fs';", 'no-restricted-imports'],
  [planner, 'export const now = new Date();', 'no-restricted-syntax'],
  ['src/planning/made-up.ts', "export { perform } from '../engine/perform.ts';", floors],
  ['src/engine/made-up.ts', "export type { Plan } from '../planning/plan.ts';", floors],
  [
    'src/inspection/made-up.ts',
    "export { install } from '../operations/install/install.ts';",
    floors,
  ],
  ['src/authoring/made-up.ts', "export { verify } from '../inspection/verify/verify.ts';", floors],
  ['src/attic/made-up.ts', 'export const box = 1;', 'boundaries/no-unknown-files'],
  ['src/core/made-up.ts', "export { readFileSync } from 'node:fs';", 'no-restricted-imports'],
  ['src/operations/made-up.ts', "export { spawn } from 'child_process';", 'no-restricted-imports'],
  ['src/core/made-up.ts', "export { randomUUID } from 'node:crypto';", 'no-restricted-imports'],
  ['src/cli/made-up.ts', 'export const all = process.env;', 'no-restricted-globals'],
  ['src/core/made-up.ts', 'export const now = new Date();', 'no-restricted-syntax'],
  ['src/core/made-up.ts', 'export const now = Date();', 'no-restricted-syntax'],
  ['src/core/made-up.ts', 'export const now = Date.now();', 'no-restricted-properties'],
  ['src/core/made-up.ts', 'export const luck = Math.random();', 'no-restricted-properties'],
  ['src/platform/made-up.ts', 'process.exit(1);', 'no-restricted-properties'],
  ['scripts/made-up.mjs', 'process.exit(1);', 'no-restricted-properties'],
  ['test/made-up.test.ts', 'process.exit(1);', 'no-restricted-properties'],
];

describe('the linter keeps the floors', () => {
  test.each(fine)('%s may hold: %s', async (path, code) => {
    expect(await brokenRules(path, code)).toEqual([]);
  });

  test.each(broken)('%s may not hold: %s', async (path, code, rule) => {
    expect(await brokenRules(path, code)).toEqual([rule]);
  });
});
