import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { install } from '../../../src/operations/install/install.ts';
import type { InstallRun } from '../../../src/operations/install/outcome.ts';
import { scaffoldRepository } from '../../../src/protocol/creator/scaffold-repository.ts';
import { makeRepository } from '../../support/repository.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { treeOf } from '../../support/tree.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';

const task = 'identity/packs/helper/CURRENT_TASK.json';

/** When `makeRepository` commits: what a release holds is judged as of then. */
const committed = new Date('2023-11-14T22:13:20Z');

/** The valid pack in its repository. */
function scaffolded(): Record<string, Buffer> {
  const files = scaffoldRepository({
    id: 'helper',
    title: 'The helper',
    description: 'Helps in tests, and nowhere else.',
    objective: 'Be valid until somebody changes something.',
    now: committed,
  });
  return Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
}

/** The same, its task changed. */
function released(change: (text: string) => string): Record<string, Buffer> {
  const release = scaffolded();
  const changed = Buffer.from(change((release[task] ?? Buffer.from('')).toString('utf8')));
  return { ...release, [task]: changed };
}

function releaseWith(change: (text: string) => string = (text) => text): string {
  return makeRepository({ 'v1.0.0': released(change) }).path;
}

/** What a plan has found, but for the questions that the scaffold asks its author in comments. */
function saidOf(run: InstallRun) {
  const findings = run.identities.flatMap(({ plan }) => plan.findings);
  return findings.filter(({ code }) => code !== 'HIDDEN_COMMENT');
}

const brokenRoute = (text: string) =>
  text.replace('"auto_route_enabled": true', '"auto_route_enabled": "yes"');

describe('--require-valid', () => {
  it('installs a pack that keeps every contract, whenever it is asked', async () => {
    const { context, home } = openWorkshop();
    const run = await install(context, requestOf({ from: releaseWith(), requireValid: true }));
    expect(run.identities[0]?.outcome).toBe('done');
    expect(readFileSync(join(home, 'instances/helper/CURRENT_TASK.json'), 'utf8')).toContain(
      'routing_contract',
    );
  });

  it('refuses one that breaks a contract, names it, and installs nothing', async () => {
    const { context, home } = openWorkshop();
    const from = releaseWith(brokenRoute);
    const attempt = install(context, requestOf({ from, requireValid: true }));
    await expect(attempt).rejects.toMatchObject({
      code: 'E_PACK_CONTRACTS',
      message: expect.stringContaining('breaks routing: 1 finding, the first at'),
      details: {
        findings: [{ contract: 'routing', code: 'ROUTING_VALUE', path: task, line: 111 }],
      },
    });
    expect(treeOf(join(home, 'instances'))).toEqual({});
  });

  it('is what it takes: without it the pack is installed, and plan and evidence say what it breaks', async () => {
    const { context } = openWorkshop();
    const run = await install(context, requestOf({ from: releaseWith(brokenRoute) }));
    const [identity] = run.identities;
    expect(identity?.outcome).toBe('done');
    const finding = { contract: 'routing', code: 'ROUTING_VALUE', path: task, line: 111 };
    expect(saidOf(run)).toMatchObject([finding]);
    const evidence: unknown = JSON.parse(readFileSync(identity?.operation?.evidence ?? '', 'utf8'));
    expect(evidence).toMatchObject({ findings: identity?.plan.findings });
  });

  it('does not change the digest of a plan, which covers what was found', async () => {
    const { context } = openWorkshop();
    const digestOf = async (from: string) => {
      const run = await install(context, requestOf({ from, stopAfter: 'check' }));
      return run.identities[0]?.plan.digest;
    };
    const from = releaseWith(brokenRoute);
    expect(await digestOf(from)).toBe(await digestOf(from));
  });
});

describe('the contracts of an incoming release', () => {
  it('are asked when something would change, and not again when nothing would', async () => {
    const { context } = openWorkshop();
    const from = releaseWith(brokenRoute);
    await install(context, requestOf({ from }));
    const again = await install(context, requestOf({ from }));
    expect(again.identities[0]?.outcome).toBe('nothing-to-do');
    expect(saidOf(again)).toEqual([]);
  });

  it('know its catalog, which says what the pack may use', async () => {
    const { context } = openWorkshop();
    const from = releaseWith((text) => {
      const document = JSON.parse(text) as Record<string, unknown>;
      const routes = { work: { primary_skills: ['reading'], required_mcp: ['pager'] } };
      document['capability_orchestration_contract'] = { required: true, task_type_routes: routes };
      return JSON.stringify(document);
    });
    const run = await install(context, requestOf({ from, stopAfter: 'check' }));
    expect(saidOf(run)).toMatchObject([
      { contract: 'collaboration-boundary', code: 'BOUNDARY_MCP_UNDECLARED' },
    ]);
  });

  it('judge no freshness where the release is of no time, as a directory is', async () => {
    const { context } = openWorkshop();
    const from = temporaryDirectory(scaffolded());
    const run = await install(context, requestOf({ from, stopAfter: 'check' }));
    expect(run.identities[0]?.plan.release.sourceKind).toBe('directory');
    expect(saidOf(run)).toEqual([]);
  });

  it.each(['identity/packs/helper/notes', 'identity/runtime/notes'])(
    'are left alone when there are more documents than are looked at, at %s',
    async (place) => {
      const { context } = openWorkshop();
      const files = scaffolded();
      for (let index = 0; index < 5; index += 1) {
        files[`${place}-${index}.md`] = Buffer.alloc(8 * 1024 * 1024, `${index} `);
      }
      const { path: from } = makeRepository({ 'v1.0.0': files });
      const run = await install(context, requestOf({ from, stopAfter: 'check' }));
      expect(saidOf(run)).toMatchObject([{ code: 'PACK_NOT_JUDGED', severity: 'info' }]);
    },
  );

  it('call a record that is too large to be read what it is', async () => {
    const { context } = openWorkshop();
    const record = 'identity/packs/helper/runtime/logs/endless.json';
    const around = 'identity/runtime/logs/endless.json';
    const large = Buffer.alloc(9 * 1024 * 1024, ' ');
    const files = { ...scaffolded(), [record]: large, [around]: large };
    const { path: from } = makeRepository({ 'v1.0.0': files });
    const run = await install(context, requestOf({ from, stopAfter: 'check' }));
    expect(saidOf(run)).toMatchObject([{ code: 'PACK_FILE_UNREADABLE', path: record }]);
  });

  it('do not tell a second time what is missing', async () => {
    const { context } = openWorkshop();
    const files = scaffolded();
    delete files['identity/packs/helper/META.yaml'];
    const { path: from } = makeRepository({ 'v1.0.0': files });
    const run = await install(context, requestOf({ from, stopAfter: 'check' }));
    expect(saidOf(run)).toMatchObject([{ code: 'PACK_FILE_MISSING', severity: 'warn' }]);
  });
});
