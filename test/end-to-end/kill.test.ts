import { copySync } from 'fs-extra/esm';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { VerifyRun } from '../../src/inspection/verify/verify.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { jsonOf, run, start } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const times = 50;

/** The same moments in every run, spread evenly over the time that one replace takes. */
function moments(duration: number): number[] {
  return Array.from({ length: times }, (_none, index) => (duration * (index + 0.5)) / times);
}

test(`SIGKILL at ${times} moments of a replace leaves the old or the new tree`, async () => {
  const from = twoReleases(150);
  const work = temporaryDirectory();
  const home = join(work, 'home');
  const saved = join(work, 'saved');
  const instance = join(home, 'instances', 'helper');
  expect(
    run('identity-install', '--from', from, '--release', 'v1.0.0', '--home', home).status,
  ).toBe(0);
  copySync(home, saved, { preserveTimestamps: true });
  const old = treeOf(instance);
  const replace = ['--from', from, '--home', home, '--replace', '--backup'];
  const began = performance.now();
  expect(run('identity-install', ...replace).status).toBe(0);
  const duration = performance.now() - began;
  const replaced = treeOf(instance);
  expect(replaced).not.toEqual(old);

  const seen = { old: 0, new: 0, pending: 0 };
  for (const moment of moments(duration)) {
    rmSync(home, { recursive: true });
    copySync(saved, home, { preserveTimestamps: true });
    const child = start('identity-install', ...replace);
    const ended = once(child, 'exit');
    await sleep(moment);
    child.kill('SIGKILL');
    await ended;
    const journal = join(home, '.identity-install', 'journal');
    if (existsSync(journal) && Object.keys(treeOf(journal)).length > 1) seen.pending += 1;

    const verified = run('identity', 'verify', '--home', home, '--json');
    const tree = treeOf(instance);
    const isNew = JSON.stringify(tree) === JSON.stringify(replaced);
    expect(tree, `killed after ${moment} ms`).toEqual(isNew ? replaced : old);
    const [identity] = (jsonOf(verified) as VerifyRun).identities;
    expect(identity?.problems).toEqual([]);
    expect(identity?.files).toMatchObject({ modified: [], missing: [] });
    expect(identity?.release.tag).toBe(isNew ? 'v2.0.0' : 'v1.0.0');
    seen[isNew ? 'new' : 'old'] += 1;
  }
  expect(seen.old).toBeGreaterThan(0);
  expect(readFileSync(join(home, '.identity-install', 'ledger.jsonl'), 'utf8')).toContain('v1.0.0');
}, 300_000);
