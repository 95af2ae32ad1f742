import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const programs = Object.entries(manifest.bin as Record<string, string>);

function started(bin: string, ...argv: string[]) {
  return spawnSync(process.execPath, [root + bin, ...argv], { cwd: tmpdir(), encoding: 'utf8' });
}

describe.each(programs)('%s', (name, bin) => {
  it('prints the version of the package and nothing else', () => {
    const { stdout, stderr, status } = started(bin, 'anything', '--version', '--bogus');
    expect([stdout, stderr, status]).toEqual([`${manifest.version}\n`, '', 0]);
  });

  it('prints its help', () => {
    const { stdout, stderr, status } = started(bin, '--help');
    expect(stdout).toMatch(`Usage: ${name} `);
    expect([stderr, status]).toEqual(['', 0]);
  });

  it('refuses an unknown option with exit code 2', () => {
    const { stdout, stderr, status } = started(bin, '--hmoe', '/h');
    expect(stderr).toBe(
      `error[E_USAGE]: There is no option --hmoe.\n` +
        `  Did you mean --home? ${name} --help lists the options.\n`,
    );
    expect([stdout, status]).toEqual(['', 2]);
  });

  it('can be executed', () => {
    expect(statSync(root + bin).mode & 0o111).toBe(0o111);
  });
});

it('loads nothing but its own few lines to print the version', () => {
  const entry = readFileSync(`${root}dist/identity-install.js`, 'utf8');
  const chunks = [...entry.matchAll(/from "(\.\/chunks\/.*?)"|^import "(\.\/chunks\/.*?)"/gm)];
  const size = chunks
    .map(([, from, bare]) => statSync(`${root}dist/${from ?? bare ?? ''}`).size)
    .reduce((sum, each) => sum + each, entry.length);
  expect(size).toBeLessThan(8 * 1024);
});

it('takes a reader that goes away for no error', () => {
  const command = `"${process.execPath}" "${root}bin/identity-install.js" --help | head -n 1`;
  const out = execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', stdio: 'pipe' });
  expect(out).toBe('Usage: identity-install [id..] [options]\n');
});

it('names the licence of every package that is bundled', () => {
  const licences = readFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, 'utf8');
  expect(licences).toMatch(/^yargs-parser \d+\.\d+\.\d+ \(ISC\)$/m);
  expect(licences).toContain('Permission to use, copy, modify');
});
