import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findOnPath, npxTarball } from '../../src/platform/launch.ts';
import { temporaryDirectory, type Seed } from '../support/temporary-directory.ts';

const cached = 'cache/_npx/1a2b';
const packageIn = (root: string) => join(root, cached, 'node_modules/identity-install');

/** What npx leaves in its cache when it was given `spec`. */
function npxCache(spec: unknown, besides: Seed = {}): string {
  const root = temporaryDirectory({
    [`${cached}/package.json`]: JSON.stringify({ dependencies: { 'identity-install': spec } }),
    ...besides,
  });
  mkdirSync(packageIn(root), { recursive: true });
  return root;
}

describe('the tarball that npx was given', () => {
  test.each(['x.tgz', 'x.tar.gz', 'with space/x.TGZ'])('%s is found from its cache', (name) => {
    const root = npxCache(`file:../../../${name}`, { [name]: 'x' });
    expect(npxTarball(packageIn(root))).toBe(join(root, name));
  });

  test.each<[string, unknown]>([
    ['a version', '0.1.0'],
    ['an address', 'https://example.org/x.tgz'],
    ['a repository', 'git+ssh://git@example.org/x.git#main'],
    ['a directory', 'file:../../../directory'],
    ['a tarball that is gone', 'file:../../../gone.tgz'],
    ['a directory with the name of a tarball', 'file:../../../directory.tgz'],
    ['a path that versions of npm read differently', 'file:../../../50%25.tgz'],
    ['no text', 7],
  ])('is undefined for %s', (_name, spec) => {
    const besides = { directory: null, 'directory.tgz': null, '50%25.tgz': 'x' };
    expect(npxTarball(packageIn(npxCache(spec, besides)))).toBeUndefined();
  });

  test('is undefined where the cache does not say', () => {
    const directory = temporaryDirectory({ [`${cached}/package.json`]: '{' });
    expect(npxTarball(packageIn(directory))).toBeUndefined();
    expect(npxTarball(packageIn(temporaryDirectory({ [cached]: null })))).toBeUndefined();
  });

  test('is undefined outside of a cache of npx, whatever a project there depends on', () => {
    const root = npxCache('file:../../../x.tgz', { 'x.tgz': 'x' });
    renameSync(join(root, 'cache/_npx'), join(root, 'cache/other'));
    const elsewhere = join(root, 'cache/other/1a2b/node_modules/identity-install');
    expect(npxTarball(elsewhere)).toBeUndefined();
  });
});

describe('a program on the PATH', () => {
  const findIn = (...directories: string[]) => findOnPath('tool', directories.join(delimiter));

  test('is the file that its name leads to', () => {
    const root = temporaryDirectory({ 'lib/tool.js': '', 'one/other': '', 'two/x': '' });
    symlinkSync('../lib/tool.js', join(root, 'two/tool'));
    expect(findIn(join(root, 'none'), join(root, 'one'), join(root, 'two'))).toBe(
      join(root, 'lib/tool.js'),
    );
    expect(findIn(join(root, 'one'))).toBeUndefined();
    expect(findOnPath('tool')).toBeUndefined();
  });

  test('is not one that only npm sees, nor one that only this directory has', () => {
    const root = temporaryDirectory({ 'node_modules/.bin/tool': '', 'bin/tool': '' });
    const bin = join(root, 'bin');
    expect(findIn(join(root, 'node_modules/.bin'), bin)).toBe(join(bin, 'tool'));
    const before = process.cwd();
    process.chdir(bin);
    try {
      expect(findIn('', '.', '../bin')).toBeUndefined();
    } finally {
      process.chdir(before);
    }
  });
});
