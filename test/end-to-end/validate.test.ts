import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/core/bounded-yaml.ts';
import { contractIds } from '../../src/protocol/contracts/contract.ts';
import { packRepository } from '../support/pack-repository.ts';
import { jsonOf, programFile, runIn } from '../support/program.ts';
import { treeOf } from '../support/tree.ts';

const now = ['--now', '2026-02-22T12:00:00Z'];

describe('identity validate', () => {
  const inRepository = (break_: (root: string) => void = () => undefined) => {
    const directory = packRepository();
    break_(directory);
    const before = treeOf(directory);
    return (...args: string[]) => {
      const ran = runIn({ directory }, 'identity', 'validate', ...args);
      expect(treeOf(directory)).toEqual(before);
      return ran;
    };
  };
  const noHistory = (root: string) => rmSync(join(root, 'identity/packs/helper/TASK_HISTORY.md'));

  it('ends with 0 for a repository that keeps every contract, and writes nothing', () => {
    const { status, stdout, stderr } = inRepository()(...now);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^1 pack keeps all \d+ contracts\.\n$/);
  });

  it('ends with 1 and names the file when a contract is not kept', () => {
    const validate = inRepository(noHistory);
    const { status, stdout } = validate(...now);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'problem: identity/packs/helper/TASK_HISTORY.md: The pack has no TASK_HISTORY.md. [PACK_FILE_MISSING]',
    );
    expect(validate(...now, '--contract', 'routing').status).toBe(0);
    expect(jsonOf(validate(...now, '--json'))).toMatchObject({
      schema: 'identity-install/validate-result@1',
      exitCode: 1,
      counts: { error: 1, warn: 0 },
    });
    expect(validate(...now, '--format', 'github').stdout).toMatch(
      /^::error file=identity\/packs\/helper\/TASK_HISTORY.md,title=pack-files%3A PACK_FILE_MISSING::/,
    );
    expect(JSON.parse(validate(...now, '--format', 'sarif').stdout)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'PACK_FILE_MISSING', level: 'error' }] }],
    });
  });

  it('ends with 0 for warnings alone, and with 1 for them under --strict', () => {
    const validate = inRepository((root) => {
      const catalog = join(root, 'identity/catalog/identities.yaml');
      const text = readFileSync(catalog, 'utf8');
      writeFileSync(catalog, text.replaceAll('"helper"', '"other"'));
    });
    const only = [...now, '--contract', 'catalog', 'helper'];
    expect(validate(...only).status).toBe(0);
    expect(validate(...only).stdout).toContain('[CATALOG_PACK_UNLISTED]');
    expect(validate(...only, '--strict').status).toBe(1);
  });

  it('needs no home, also where none could be chosen', () => {
    const directory = packRepository();
    const variables = { HOME: '', IDENTITY_HOME: '/dev/null' };
    const ran = runIn({ directory, variables }, 'identity', 'validate', ...now);
    expect(ran.status).toBe(0);
  });

  it('runs its own samples for every contract with --self-test', () => {
    const { status, stdout } = inRepository()('--self-test');
    expect(status).toBe(0);
    const rows = stdout.split('\n').filter((line) => line.endsWith('  ok'));
    expect(contractIds.slice(0, 3).every((id) => rows.some((row) => row.startsWith(id)))).toBe(
      true,
    );
  });
});

/** What docs/validate-packs.yml runs, in its order, by the name of the step. */
function workflowSteps(): readonly (readonly [name: string, run: string])[] {
  const path = join(import.meta.dirname, '../../docs/validate-packs.yml');
  const workflow = parseYaml(readFileSync(path), { path }) as {
    readonly jobs: {
      readonly validate: {
        readonly env: { readonly IDENTITY: string };
        readonly steps: readonly { readonly name?: string; readonly run?: string }[];
      };
    };
  };
  const { env, steps } = workflow.jobs.validate;
  const { version } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  ) as { readonly version: string };
  expect(env.IDENTITY).toBe(`npx --yes --package=./identity-install-${version}.tgz identity`);
  return steps.flatMap(({ name = '', run }) => (run === undefined ? [] : [[name, run] as const]));
}

describe('the workflow in docs/validate-packs.yml', () => {
  /** Runs a step as the service does, with the built program in place of the published one. */
  const inWorkflow = (directory: string) => (run: string) =>
    spawnSync('sh', ['-e', '-c', run], {
      cwd: directory,
      env: {
        PATH: process.env['PATH'],
        HOME: directory,
        IDENTITY: `${process.execPath} ${programFile('identity')}`,
      },
      encoding: 'utf8',
      timeout: 240_000,
    });

  it.each([
    ['passes where every contract is kept', true],
    ['stops at its gate where one is not, and still uploads what was found', false],
  ] as const)('%s', (_name, isValid) => {
    const directory = packRepository();
    if (!isValid) rmSync(join(directory, 'identity/packs/helper/TASK_HISTORY.md'));
    const run = inWorkflow(directory);
    const steps = workflowSteps();
    // What was written for this test grows old, so the gate gets the time that it was written at.
    const statuses = steps.map(([, step]) =>
      run(step.replace(/--format/, `${now.join(' ')} --format`)),
    );
    expect(statuses.map(({ status, stderr }) => [status, stderr])).toEqual([
      [0, ''],
      [isValid ? 0 : 1, ''],
      [0, ''],
    ]);
    const log = JSON.parse(readFileSync(join(directory, 'identity.sarif'), 'utf8')) as {
      readonly runs: readonly [{ readonly results: readonly unknown[] }];
    };
    expect(log.runs[0].results).toHaveLength(isValid ? 0 : 1);
  });
});
