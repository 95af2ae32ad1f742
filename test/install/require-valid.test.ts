import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { install } from '../../src/install/install.ts';
import { scaffoldRepository } from '../../src/protocol/creator/scaffold-repository.ts';
import { makeRepository } from '../support/repository.ts';
import { treeOf } from '../support/tree.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';

const task = 'identity/packs/helper/CURRENT_TASK.json';

/** When `makeRepository` commits: what a release holds is judged as of then. */
const committed = new Date('2023-11-14T22:13:20Z');

/** A release of the valid pack, its task changed. */
function releaseWith(change: (text: string) => string = (text) => text): string {
  const files = scaffoldRepository({
    id: 'helper',
    title: 'The helper',
    description: 'Helps in tests, and nowhere else.',
    objective: 'Be valid until somebody changes something.',
    now: committed,
  });
  const release = Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  const changed = Buffer.from(change((release[task] ?? Buffer.from('')).toString('utf8')));
  return makeRepository({ 'v1.0.0': { ...release, [task]: changed } }).path;
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
      message: expect.stringContaining('does not keep routing: 1 finding, the first at'),
      details: {
        findings: [{ contract: 'routing', code: 'ROUTING_VALUE', path: task, line: 111 }],
      },
    });
    expect(treeOf(join(home, 'instances'))).toEqual({});
  });

  it('is what it takes: without it the pack is installed as it is', async () => {
    const { context } = openWorkshop();
    const run = await install(context, requestOf({ from: releaseWith(brokenRoute) }));
    expect(run.identities[0]?.outcome).toBe('done');
  });
});
