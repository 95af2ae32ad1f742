import { describe, expect, test } from 'vitest';
import { bundledPackages } from '../../scripts/bundled-packages.mjs';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The metafile of a bundle: bytes that each module leaves in it, and what each imports. */
function metafile(modules: Record<string, readonly [bytes: number, imports?: readonly string[]]>) {
  const entries = Object.entries(modules);
  return {
    inputs: Object.fromEntries(
      entries.map(([path, [, imports = []]]) => [
        path,
        {
          bytes: 1,
          imports: imports.map((imported) => ({
            path: imported,
            kind: 'import-statement' as const,
          })),
        },
      ]),
    ),
    outputs: {
      'dist/a.js': {
        bytes: 1,
        imports: [],
        exports: [],
        inputs: Object.fromEntries(
          entries.map(([path, [bytesInOutput]]) => [path, { bytesInOutput }]),
        ),
      },
    },
  };
}

function packageJson(name: string, licence: unknown = 'MIT', version = '1.0.0'): string {
  return JSON.stringify({ name, version, license: licence });
}

const packages = {
  'package.json': packageJson('program'),
  'node_modules/used/package.json': packageJson('used', { type: 'ISC' }),
  'node_modules/@some/inner/package.json': packageJson('@some/inner'),
  'node_modules/used/node_modules/@some/inner/package.json': packageJson('@some/inner'),
  'node_modules/left-out/package.json': packageJson('left-out'),
  'node_modules/native/package.json': packageJson('native'),
  'node_modules/nameless/package.json': packageJson('nameless', null),
};

const nameOf = ({ manifest }: { readonly manifest: { readonly name: string } }) => manifest.name;

describe('bundled packages', () => {
  test('are those with a byte in the bundle, each version once, with what they use', () => {
    const { own, others } = bundledPackages(
      temporaryDirectory(packages),
      [
        metafile({
          'src/main.ts': [9, ['node_modules/used/index.js', 'src/other.ts', 'node:fs']],
          'src/other.ts': [9],
          // Nothing is left of what only hands on the exports of others.
          'node_modules/used/index.js': [0, ['node_modules/used/lib/a.js']],
          'node_modules/used/lib/a.js': [
            9,
            ['node_modules/used/node_modules/@some/inner/x.js', 'node_modules/left-out/x.js'],
          ],
          'node_modules/used/node_modules/@some/inner/x.js': [9],
          'node_modules/@some/inner/x.js': [9],
          'node_modules/left-out/x.js': [0],
        }),
        metafile({
          'virtual:one': [9, ['node_modules/@some/inner/x.js']],
          'node_modules/@some/inner/x.js': [9],
        }),
      ],
      ['node_modules/native'],
    );
    expect(nameOf(own)).toBe('program');
    expect([...own.uses].map(nameOf)).toEqual(['native', 'used', '@some/inner']);
    expect(others.map((item) => [nameOf(item), item.licence, [...item.uses].map(nameOf)])).toEqual([
      ['@some/inner', 'MIT', []],
      ['native', 'MIT', []],
      ['used', 'ISC', ['@some/inner']],
    ]);
  });

  test('must say what their licence is', () => {
    const bundle = metafile({ 'node_modules/nameless/x.js': [1] });
    expect(() => bundledPackages(temporaryDirectory(packages), [bundle], [])).toThrow('nameless');
  });
});
