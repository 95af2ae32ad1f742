import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import { expectRefused } from '../support/hostile-scene.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { jsonOf } from '../support/program.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { treeOf } from '../support/tree.ts';

/** Where older tools put an instance, relative to the home. */
const places = ['identity/helper', 'identities/helper', 'helper'] as const;

/** A home in which an older tool put `helper`, and its user edited it; ours was never here. */
async function openLegacy(...where: readonly string[]) {
  const { directory, home: ours, instance: from, repository } = await openWaiting();
  const home = join(directory, 'older');
  for (const place of where) {
    const instance = join(home, place);
    mkdirSync(instance, { recursive: true });
    for (const name of ['IDENTITY_PROMPT.md', 'CURRENT_TASK.json']) {
      writeFileSync(join(instance, name), readFileSync(join(from, name)));
    }
    writeFileSync(join(instance, 'mine.md'), 'mine\n');
  }
  const person = { directory: join(directory, 'person') };
  const run = (program: 'identity-install' | 'identity-rollback' | 'identity', ...args: string[]) =>
    runInProcess(person, program, ...args, '--home', home);
  const install = (...args: string[]) =>
    run('identity-install', 'helper', '--from', repository.path, ...args);
  return { home, ours, run, install };
}

it.each(places)('an instance at <home>/%s is found there and worked on there', async (place) => {
  const { home, run, install } = await openLegacy(place);
  const instance = join(home, place);
  const before = treeOf(instance);
  const ran = await install('--replace', '--backup', '--json');
  expect(ran.status, ran.stderr).toBe(0);
  expect((jsonOf(ran) as InstallRun).identities[0]?.plan.instance).toBe(instance);
  expect(existsSync(join(home, 'instances', 'helper'))).toBe(false);
  expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
  expect(readFileSync(join(instance, 'mine.md'), 'utf8')).toBe('mine\n');
  expect((await run('identity', 'verify', '--all')).status).toBe(0);
  expect((await run('identity-rollback', 'last')).status).toBe(0);
  expect(treeOf(instance)).toEqual(before);
});

it.each<[string, string]>([
  ['instances/helper', 'identity/helper'],
  ['instances/helper', 'helper'],
  ['identity/helper', 'identities/helper'],
  ['identities/helper', 'helper'],
])('instances at <home>/%s and <home>/%s at once: refused, both are named', async (one, other) => {
  const { home, install } = await openLegacy(one, other);
  const names = [join(home, one), join(home, other)];
  await expectRefused(() => install(), { code: 'E_INSTANCE_AMBIGUOUS', names }, names);
  await expectRefused(() => install('--plan'), { code: 'E_INSTANCE_AMBIGUOUS', names }, [home]);
  // Moving one of them away is what helps, as the hint says.
  renameSync(join(home, other), join(dirname(home), 'away'));
  expect((await install()).status).toBeLessThan(2);
});

it('a directory of the identity’s name that holds no identity is not an instance, and is left alone', async () => {
  const { home, install } = await openLegacy();
  mkdirSync(join(home, 'helper'), { recursive: true });
  writeFileSync(join(home, 'helper', 'notes.md'), 'mine\n');
  expect((await install()).status).toBe(0);
  expect(existsSync(join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md'))).toBe(true);
  expect(treeOf(join(home, 'helper'))).toMatchObject({ 'notes.md': expect.stringMatching(/^f /) });
});
