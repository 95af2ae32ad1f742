import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helperRelease } from '../support/helper-pack.ts';
import { expectPlainText, soundPack } from '../support/hostile-scene.ts';
import { jsonOf, type Program, type Ran } from '../support/program.ts';
import { makeRepository } from '../support/repository.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const hook = '#!/bin/sh\ntouch hooked\n';

/** A repository that somebody else prepared, cloned and entered by a person. */
function openClone(filesFor: (clone: string, person: string) => Readonly<Record<string, string>>) {
  const directory = temporaryDirectory({ 'person/.ssh/config': 'mine\n' });
  const person = join(directory, 'person');
  const clone = join(directory, 'clone');
  const upstream = makeRepository({}, directory);
  const pack = { ...soundPack, 'pre-commit': { content: hook, executable: true } } as const;
  const commit = upstream.commit({ ...helperRelease(pack), ...filesFor(clone, person) });
  upstream.git('update-ref', 'refs/heads/main', commit);
  upstream.annotate('v1.0.0', commit);
  execFileSync('git', ['clone', '--quiet', upstream.path, clone]);
  const run = (program: Program, ...args: string[]): Promise<Ran> =>
    runInProcess({ directory: clone, variables: { HOME: person } }, program, ...args);
  /** What must stay as it is: git's own files, the person's, and what was checked out. */
  const guarded = () => [
    treeOf(join(clone, '.git'), (path) => path === 'index'),
    treeOf(person),
    treeOf(clone, (path) => /^(\.git|\.agents\/identity\/\.identity-install)(\/|$)/.test(path)),
  ];
  const refuses = async (names: string, program: Program, ...args: string[]) => {
    const before = guarded();
    const ran = await run(program, ...args);
    expect([ran.status, ran.stderr]).toEqual([
      3,
      expect.stringMatching(/^error\[E_NOT_TRUSTED\]: \S.*\n {2}\S/),
    ]);
    expect(ran.stderr).toContain(names);
    expectPlainText(ran);
    expect(guarded()).toEqual(before);
  };
  return { clone, person, upstream, run, refuses, guarded };
}

const home = '.agents/identity';
const catalogNaming = (place: string) =>
  `version: "1.0"\ndefault_identity: helper\nidentities:\n  - id: helper\n    pack_path: ${place}\n`;
const configNaming = (from: string) => JSON.stringify({ from, release: 'v1.0.0' });

describe('a cloned repository whose home places an identity', () => {
  it.each<[string, (clone: string, person: string) => string]>([
    ['among the hooks of git', (clone) => join(clone, '.git', 'hooks')],
    ['in the home directory of the user', (_clone, person) => join(person, '.ssh', 'helper')],
  ])('%s is led nowhere by any command', async (_where, placeFor) => {
    const { clone, person, run, refuses, guarded } = openClone((at, of) => ({
      [`${home}/catalog.local.yaml`]: catalogNaming(placeFor(at, of)),
      [`${home}/config/identity-install.json`]: configNaming(at),
    }));
    const place = placeFor(clone, person);
    const before = guarded();
    for (const args of [[], ['helper'], ['--plan'], ['--replace', '--backup'], ['--activate']]) {
      await refuses(place, 'identity-install', ...args);
    }
    for (const command of ['activate', 'validate', 'compile']) {
      await refuses(place, 'identity', command, 'helper', '--home', home);
    }
    await refuses(place, 'identity', 'verify', '--home', home);
    const listed = await run('identity', 'list', '--home', home, '--json');
    expect(jsonOf(listed)).toMatchObject({
      data: [{ errors: expect.arrayContaining([expect.objectContaining({ path: place })]) }],
    });
    const shown = await run('identity', 'show', 'helper', '--home', home);
    expect(shown.stdout).not.toContain(place);
    expect(guarded()).toEqual(before);
  });

  it('outside, by a registration, is refused as well', async () => {
    const { refuses } = openClone(() => ({ [`${home}/README.md`]: 'A home.\n' }));
    const root = temporaryDirectory({
      'identity/catalog/identities.yaml': catalogNaming('identity/packs/helper'),
      'identity/packs/helper/META.yaml': 'id: helper\n',
    });
    await refuses(root, 'identity', 'register', 'helper', '--root', root, '--scope', 'project');
  });

  it('inside itself installs it there, and undoes it', async () => {
    const { clone, run } = openClone((at) => ({
      [`${home}/catalog.local.yaml`]: catalogNaming(join(at, 'agents', 'helper')),
      [`${home}/config/identity-install.json`]: configNaming(at),
      'agents/README.md': 'Agents live here.\n',
    }));
    expect((await run('identity-install')).status).toBe(0);
    expect(readdirSync(join(clone, 'agents', 'helper'))).toContain('IDENTITY_PROMPT.md');
    expect((await run('identity', 'verify')).status).toBe(0);
    expect((await run('identity-rollback', 'last')).status).toBe(0);
    expect(existsSync(join(clone, 'agents', 'helper'))).toBe(false);
  });
});

describe('a cloned repository that names a source', () => {
  const namings: readonly [string, (from: string) => Readonly<Record<string, string>>][] = [
    ['in its home', (from) => ({ [`${home}/config/identity-install.json`]: configNaming(from) })],
    [
      'in its pin',
      (from) => ({
        'identity/PROTOCOL_PIN.yaml': `protocol_repo: ${from}\npinned_tag: v1.0.0\npinned_commit: ${'a'.repeat(40)}\n`,
        [`${home}/README.md`]: 'A home.\n',
      }),
    ],
  ];

  it.each(namings)('%s outside itself, or in a git directory, is refused', async (_how, naming) => {
    for (const [from, isIn] of [
      ['../source.git', 'source.git'],
      ['../person/packs', 'packs'],
      ['./outside', 'source.git'],
      ['.git/modules/packs', join('.git', 'modules')],
    ] as const) {
      const { clone, person, upstream, refuses } = openClone(() => naming(from));
      mkdirSync(join(person, 'packs'));
      writeFileSync(join(person, 'packs', 'META.yaml'), 'id: helper\n');
      execFileSync('ln', ['-s', upstream.path, join(clone, 'outside')]);
      execFileSync('git', ['init', '--quiet', '--bare', join(clone, '.git', 'modules', 'packs')]);
      await refuses(isIn, 'identity-install');
      await refuses(isIn, 'identity-install', '--plan');
      expect(readdirSync(join(clone, home))).not.toContain('.identity-install');
    }
  });

  it.each(namings)('%s that is its own, or far away, is looked for there', async (how, naming) => {
    const far = openClone(() => naming('https://example.invalid/packs.git'));
    const offline = await far.run('identity-install', '--offline');
    expect([offline.status, offline.stderr]).toEqual([5, expect.stringContaining('E_OFFLINE')]);
    const own = openClone(() => naming('.'));
    const ran = await own.run('identity-install');
    // The commit that the pin names is made up.
    if (how === 'in its home') expect(ran).toMatchObject({ status: 0, stderr: '' });
    else expect([ran.status, ran.stderr]).toEqual([5, expect.stringContaining('E_TAG_MOVED')]);
  });

  it.each(namings)('%s outside itself gives way to what the user names', async (_how, naming) => {
    const { upstream, run } = openClone(() => naming('../person/packs'));
    const ran = await run('identity-install', '--from', upstream.path);
    expect(ran.status, ran.stderr).toBe(0);
  });
});

it('a home in a cloned repository that is a link to a git directory is refused', async () => {
  const { clone, run, guarded } = openClone(() => ({ 'README.md': 'x\n' }));
  mkdirSync(join(clone, '.agents'));
  execFileSync('ln', ['-s', '../.git', join(clone, home)]);
  const before = guarded();
  const ran = await run('identity-install', 'code-reviewer');
  expect([ran.status, ran.stderr]).toEqual([
    3,
    expect.stringMatching(/E_HOME_UNSAFE.*git directory/),
  ]);
  expect(guarded()).toEqual(before);
});
