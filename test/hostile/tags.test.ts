import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonOf } from '../support/program.ts';
import { helperRelease } from '../support/helper-pack.ts';
import {
  expectPlainText,
  expectRefused,
  homeState,
  makeScene,
  openScene,
  soundPack,
  type HostileScene,
  type Refusal,
} from '../support/hostile-scene.ts';
import { makeRepository } from '../support/repository.ts';
import { suiteDirectory } from '../support/temporary-directory.ts';

function prompt(text: string) {
  return helperRelease({ ...soundPack, 'IDENTITY_PROMPT.md': `${text}\n` });
}

async function open(): Promise<
  HostileScene & {
    readonly installed: string;
    readonly refuses: (refusal: Refusal, ...args: string[]) => Promise<string>;
    readonly release: (name: string, text: string) => string;
  }
> {
  const scene = await openScene();
  const { repository, home } = scene;
  return {
    ...scene,
    installed: repository.git('rev-parse', 'v1.0.0^{commit}'),
    refuses: async (refusal, ...args) =>
      (await expectRefused(() => scene.run('identity-install', 'helper', ...args), refusal, [home]))
        .stderr,
    release(name, text) {
      const commit = repository.commit(prompt(text));
      repository.annotate(name, commit);
      return commit;
    },
  };
}

describe('a tag that moved since it was installed', () => {
  test('stops the run with both commits, until a person accepts it', async () => {
    const { refuses, release, installed, run, repository } = await open();
    const moved = release('v1.0.0', 'moved');
    const names = [installed, moved, '--accept-moved-tag'];
    await refuses({ code: 'E_TAG_MOVED', names });
    await refuses({ code: 'E_TAG_MOVED', names }, '--replace', '--backup');
    await refuses({ code: 'E_TAG_MOVED', names }, '--plan');
    await refuses({ code: 'E_TAG_MOVED', names }, '--frozen');
    repository.tag('v1.0.0', moved);
    await refuses({ code: 'E_TAG_MOVED', names: [installed, moved] }, '--release', 'v1.0.0');
    expect((await run('identity-install', 'helper', '--accept-moved-tag')).status).toBe(0);
    expect((await run('identity-install', 'helper')).status).toBe(0);
  });

  test('is noticed by the record alone, when the cache has forgotten it', async () => {
    const { refuses, release, installed, repository, state } = await open();
    const moved = release('v1.0.0', 'moved');
    const cache = `--git-dir=${join(state, 'releases.git')}`;
    const ref = repository.git(cache, 'for-each-ref', '--format=%(refname)', 'refs/sources/');
    repository.git(cache, 'update-ref', '-d', ref);
    await refuses({ code: 'E_TAG_MOVED', names: [installed, moved] });
  });
});

test('a tag that is not at the commit of the pin stops the run with both commits', async () => {
  const { run, installed, repository, directory, home } = await open();
  const pinned = 'a'.repeat(40);
  const place = join(directory, 'person', 'identity');
  mkdirSync(place);
  writeFileSync(
    join(place, 'PROTOCOL_PIN.yaml'),
    `protocol_repo: ${repository.path}\npinned_tag: v1.0.0\npinned_commit: ${pinned}\n`,
  );
  const refusal = {
    code: 'E_TAG_MOVED',
    names: [installed, pinned, '--accept-moved-tag'],
  } as const;
  await expectRefused(() => run('identity-install'), refusal, [home]);
  await expectRefused(() => run('identity-install', '--replace', '--backup'), refusal, [home]);
  await expectRefused(() => run('identity-install', '--frozen'), refusal, [home]);
});

test('a deleted tag is not found by name, nor frozen; the next lower one is a downgrade', async () => {
  const { refuses, release, run, repository } = await open();
  release('v2.0.0', 'two');
  expect((await run('identity-install', 'helper', '--merge')).status).toBe(0);
  repository.git('update-ref', '-d', 'refs/tags/v2.0.0');
  await refuses({ code: 'E_TAG_NOT_FOUND', names: 'v1.0.0' }, '--release', 'v2.0.0');
  await refuses({ code: 'E_TAG_NOT_FOUND', names: 'v1.0.0' }, '--frozen');
  await refuses({ code: 'E_TAG_DOWNGRADE', names: ['1.0.0', '2.0.0', '--allow-downgrade'] });
  await refuses({ code: 'E_TAG_DOWNGRADE' }, '--replace', '--backup');
  const downgraded = await run('identity-install', 'helper', '--allow-downgrade', '--merge');
  expect(downgraded.status).toBe(0);
});

test('a branch of the same name, and one called refs/tags/…, are never looked at', async () => {
  const { repository, release, run, refuses, instance } = await open();
  release('v2.0.0', 'the tag');
  const evil = repository.commit(prompt('the branch'));
  for (const name of ['v2.0.0', 'refs/tags/v2.0.0', 'v3.0.0', 'refs/tags/v3.0.0', 'tags/v3.0.0']) {
    repository.git('update-ref', `refs/heads/${name}`, evil);
  }
  repository.git('update-ref', 'refs/tags/refs/tags/v4.0.0', evil);
  repository.git('update-ref', 'refs/tags/refs/heads/v4.0.0', evil);
  await refuses({ code: 'E_TAG_NOT_FOUND', names: 'v2.0.0' }, '--release', 'v3.0.0');
  await refuses({ code: 'E_TAG_NOT_FOUND', names: 'v2.0.0' }, '--release', 'v4.0.0');
  expect((await run('identity-install', 'helper', '--merge')).status).toBe(0);
  expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('the tag\n');
});

test('tags of trees and blobs are refused, annotated ones too; a nested tag is its commit', async () => {
  const { repository, refuses, run, installed } = await open();
  const tree = repository.git('rev-parse', `${installed}^{tree}`);
  const blob = repository.blob('blob');
  repository.tag('v2.0.0', tree);
  repository.annotate('v2.1.0', tree);
  repository.tag('v2.2.0', blob);
  repository.annotate('v2.3.0', repository.annotate('nested-blob', blob));
  for (const tag of ['v2.0.0', 'v2.1.0', 'v2.2.0', 'v2.3.0']) {
    await refuses({ code: 'E_TAG_OBJECT', names: tag }, '--release', tag);
  }
  await refuses({ code: 'E_TAG_OBJECT', names: 'v2.3.0' });
  repository.annotate(
    'v3.0.0',
    repository.annotate('nested', repository.git('rev-parse', 'v1.0.0')),
  );
  expect((await run('identity-install', 'helper')).status).toBe(0);
});

test.each([
  '-v1.0.0',
  '--upload-pack=x',
  'V1.0.0',
  '1.0.0.0',
  'v1.0',
  '=v1.0.0',
  'v1.0.0 ',
  ' v1.0.0',
  'v1.0.0\n',
  'v01.0.0',
  'v1.0.0-',
  'v1.0.0-01',
  'refs/tags/v1.0.0',
  'refs/heads/main',
  'HEAD',
  'v1.0.0^{}',
  'v1.0.0~1',
  'v1.0.0;id',
  '$(id)',
  'v1.0.0\u202e',
  'v1.0.0\u001b[2J',
  'v1.0.0\u200b',
  'v1.0.0\u2066',
  'v1.0.0\u00a0',
  'v1.0.0\u{e0041}',
  'v1.0.0\r',
  'v1.0.0\t',
  '`id`',
  'v1.0.0|id',
  "v1.0.0'",
  'v1.0.0:identity',
  'v1.0.0@{0}',
  '+v1.0.0:refs/heads/x',
  'v1.0.0+',
  'v1.0.0+a..b',
  'v\u0661.0.0',
  'ABCDEF1234567',
  '99999999999999999999.0.0',
  `>=${'1'.repeat(300)}`,
  '>=1 '.repeat(100),
])('the selector %j is refused', async (selector) => {
  const { home, run } = await shared();
  const refusal = { code: 'E_TAG_INVALID' } as const;
  await expectRefused(() => run('identity-install', 'helper', `--release=${selector}`), refusal, [
    home,
  ]);
});

test('tags whose names are not versions are skipped, whatever they hold', async () => {
  const { repository, run, home, refuses } = await open();
  const evil = repository.commit(prompt('evil'));
  const names = ['V9.0.0', '9.0', 'v9', '=v9.0.0', 'v9.0.0.0', 'v09.0.0', '-v9.0.0', "v9.0.0;'id'"];
  names.push('$(id)', 'v9.0.0-01', 'v9.0.0-', 'v9.0.0\u202e', 'v9.0.0\u200b', 'v9.0.0\u009b2J');
  names.push('x'.repeat(200), 'v9.0.0-' + 'x'.repeat(180), 'v99999999999999999999.0.0');
  for (const name of names) repository.tag(name, evil);
  const before = homeState(home);
  const ran = await run('identity-install', 'helper', '--verbose');
  expect(ran.status).toBe(0);
  expect(ran.stdout).toContain('TAG_IGNORED');
  expectPlainText(ran);
  expectPlainText(await run('identity-install', 'helper', '--json'));
  expect(homeState(home)).toEqual(before);
  repository.git('update-ref', '-d', 'refs/tags/v1.0.0');
  const stderr = await refuses({ code: 'E_TAG_NOT_FOUND', names: 'V9.0.0' });
  expect(stderr.length).toBeLessThan(2000);
});

test('two tags of one version are fine while they agree', async () => {
  const { repository, release, refuses, run, installed } = await open();
  repository.tag('1.0.0', installed);
  repository.annotate('v1.0.0+rebuilt', installed);
  expect((await run('identity-install', 'helper')).status).toBe(0);
  const two = release('v2.0.0', 'two');
  const other = release('2.0.0', 'another two');
  await refuses({
    code: 'E_TAG_AMBIGUOUS',
    names: [two.slice(0, 12), other.slice(0, 12), 'v2.0.0'],
  });
  await refuses({ code: 'E_TAG_AMBIGUOUS' }, '--release', 'v2.0.0');
  await refuses({ code: 'E_TAG_AMBIGUOUS' }, '--release', '^2.0.0');
  release('v3.0.0+b1', 'three');
  release('v3.0.0+b2', 'another three');
  await refuses({ code: 'E_TAG_AMBIGUOUS', names: ['v3.0.0+b1', 'v3.0.0+b2', '--release'] });
  await refuses({ code: 'E_TAG_AMBIGUOUS' }, '--release', '3.0.0');
  expect((await run('identity-install', 'helper', '--release', 'v3.0.0+b1')).status).toBe(0);
});

test('a prerelease is installed only by name, or by a range that names one', async () => {
  const { release, refuses, run, repository } = await open();
  release('v2.0.0-rc.1', 'two');
  const latest = await run('identity-install', 'helper', '--json');
  expect(jsonOf(latest)).toMatchObject({ release: { tag: 'v1.0.0' } });
  await refuses({ code: 'E_TAG_NOT_FOUND', names: 'v2.0.0-rc.1' }, '--release', '^2.0.0');
  await refuses({ code: 'E_TAG_NOT_FOUND', names: 'v2.0.0-rc.1' }, '--release', '2.0.0');
  repository.git('update-ref', '-d', 'refs/tags/v1.0.0');
  await refuses({ code: 'E_TAG_NOT_FOUND', names: ['stable', 'v2.0.0-rc.1'] });
  const named = await run('identity-install', 'helper', '--release', '2.0.0-rc.1', '--json');
  expect(jsonOf(named)).toMatchObject({ release: { tag: 'v2.0.0-rc.1' } });
});

test('without any version among the tags, the tags there are are named', async () => {
  const { home, run } = await shared();
  const refuse = (from: string, names: string) =>
    expectRefused(
      () => run('identity-install', '--from', from),
      { code: 'E_TAG_NOT_FOUND', names },
      [home],
    );
  const repository = makeRepository();
  await refuse(repository.path, 'no tags at all');
  repository.tag('nightly', repository.commit(prompt('night')));
  await refuse(repository.path, 'nightly');
});

const sharedDirectory = suiteDirectory();
let sharedScene: HostileScene | undefined;
/** One scene for all rows that are refused before anything is looked at. */
async function shared(): Promise<HostileScene> {
  return (sharedScene ??= await makeScene(sharedDirectory));
}
