import { copySync } from 'fs-extra/esm';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerifyRun } from '../../src/inspection/verify/verify.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { callsOf, jsonOf, run, startIn } from '../support/program.ts';
import { sampled } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

test('SIGKILL at any moment of a replace leaves the old or the new tree', async () => {
  const from = twoReleases(50);
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
  const calls = await callsOf(work, 'identity-install', ...replace);
  const replaced = treeOf(instance);
  expect(replaced).not.toEqual(old);

  const seen = { old: 0, new: 0, pending: 0 };
  for (const at of sampled([...calls.keys()], 20)) {
    rmSync(home, { recursive: true });
    copySync(saved, home, { preserveTimestamps: true });
    const signalAt = { signal: 'SIGKILL', at: at + 1 } as const;
    const killed = await startIn({ directory: work, signalAt }, 'identity-install', ...replace);
    const where = `killed before call ${at + 1}, ${calls[at]}`;
    expect(killed.status, where).toBeNull();
    const journal = join(home, '.identity-install', 'journal');
    if (existsSync(journal) && Object.keys(treeOf(journal)).length > 1) seen.pending += 1;

    // The next command that writes settles what was interrupted; verification only reports it.
    expect(run('identity', 'recover', '--home', home).status, where).toBe(0);
    const verified = run('identity', 'verify', '--home', home, '--json');
    const tree = treeOf(instance);
    const isNew = JSON.stringify(tree) === JSON.stringify(replaced);
    expect(tree, where).toEqual(isNew ? replaced : old);
    const [identity] = (jsonOf(verified) as VerifyRun).identities;
    expect(identity?.problems).toEqual([]);
    expect(identity?.files).toMatchObject({ modified: [], missing: [] });
    expect(identity?.release.tag).toBe(isNew ? 'v2.0.0' : 'v1.0.0');
    seen[isNew ? 'new' : 'old'] += 1;
  }
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
  expect(readFileSync(join(home, '.identity-install', 'ledger.jsonl'), 'utf8')).toContain('v1.0.0');
});
