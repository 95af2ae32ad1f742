import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test, vi } from 'vitest';
import { readEnvironment } from '../../src/platform/process-environment.ts';
import { createSystemClock, createSystemRandomness } from '../../src/platform/system-clock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('the package is found from the sources', () => {
  const { packageDirectory } = readEnvironment();
  expect(packageDirectory).toBe(fileURLToPath(new URL('../..', import.meta.url)).slice(0, -1));
  expect(existsSync(join(packageDirectory, 'package.json'))).toBe(true);
});

test('the package is found from a bundle', async () => {
  const root = temporaryDirectory({ 'package.json': '{"type":"module"}' });
  await build({
    stdin: {
      contents: `import { readEnvironment } from './src/platform/process-environment.ts';
        process.stdout.write(readEnvironment().packageDirectory);`,
      resolveDir: readEnvironment().packageDirectory,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(root, 'dist', 'main.js'),
  });
  const said = execFileSync(process.execPath, [join(root, 'dist', 'main.js')], { cwd: '/' });
  expect(realpathSync(said.toString())).toBe(root);
});

test('reading the umask leaves it as it was', () => {
  const before = process.umask(0o027);
  try {
    expect(readEnvironment().umask).toBe(0o027);
    expect(readEnvironment().umask).toBe(0o027);
  } finally {
    process.umask(before);
  }
});

test.each([
  ['/somewhere', '/somewhere'],
  ['', undefined],
  ['relative', undefined],
])('a HOME of %j is the home directory %s', (home, expected) => {
  vi.stubEnv('HOME', home);
  try {
    expect(readEnvironment().homeDirectory).toBe(expected);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('the monotonic clock does not go backwards', () => {
  const clock = createSystemClock();
  const first = clock.monotonic();
  expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
});

test('randomness has the length asked for and does not repeat', () => {
  const randomness = createSystemRandomness();
  const drawn = new Set(Array.from({ length: 100 }, () => randomness.hex(8)));
  expect(drawn.size).toBe(100);
  for (const hex of drawn) expect(hex).toMatch(/^[0-9a-f]{16}$/);
});
