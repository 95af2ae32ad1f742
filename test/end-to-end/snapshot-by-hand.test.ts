import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { jsonOf, run } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

test('a snapshot is checked with sha256sum and restored with tar, without this program', () => {
  const from = twoReleases(10);
  const work = temporaryDirectory();
  const home = join(work, 'home');
  const instance = join(home, 'instances', 'helper');
  run('identity-install', '--from', from, '--release', 'v1.0.0', '--home', home);
  writeFileSync(join(instance, 'notes of mine.md'), 'mine\n');
  mkdirSync(join(instance, 'empty'), { mode: 0o750 });
  appendFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'edited\n');
  chmodSync(join(instance, 'IDENTITY_PROMPT.md'), 0o666);
  const before = treeOf(instance);
  const ran = run('identity-install', 'helper', '--home', home, '--replace', '--backup', '--json');
  const snapshot = (jsonOf(ran) as InstallRun).identities[0]?.operation?.snapshot?.path ?? '';
  expect(treeOf(instance)).not.toEqual(before);

  const checksums = snapshot.replace(/\.tar\.gz$/, '.sha256');
  const checked = execFileSync('sha256sum', ['-c', checksums], { cwd: dirname(snapshot) });
  expect(checked.toString().match(/: OK$/gm)).toHaveLength(2);
  const restored = join(work, 'restored');
  mkdirSync(restored);
  execFileSync('tar', ['-xpzf', snapshot], { cwd: restored });
  // tar makes the top directory anew; everything in it has to be as it was.
  const inside = (root: string) => ({ ...treeOf(root), '.': 'the top directory' });
  expect(inside(join(restored, 'helper'))).toEqual({ ...before, '.': 'the top directory' });
});
