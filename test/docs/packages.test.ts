import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const documents = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'starter/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|yml)$/.test(name))
    .map((name) => join('docs', name)),
];

/** What npx would look up in a registry, where anybody may have taken the name. */
function namesFetched(text: string): string[] {
  const byPackage = text.match(/--package[= ]identity-install\b(?!-[\w.]+\.tgz).*/g) ?? [];
  const byName =
    text.match(/\bnpx (--yes )?(identity-install|identity-rollback|identity)\b.*/g) ?? [];
  return [...byPackage, ...byName];
}

test.each(documents)('%s starts no program by the name of a package in a registry', (document) => {
  expect(namesFetched(readFileSync(join(root, document), 'utf8'))).toEqual([]);
});

test('such names are found', () => {
  for (const line of [
    'npx identity-install --home x',
    'npx --yes identity list',
    'npx --package=identity-install@0.1.0 identity',
    '["--package=identity-install", "identity"]',
  ]) {
    expect(namesFetched(line), line).toHaveLength(1);
  }
  expect(namesFetched('npx --package=./identity-install-0.1.0.tgz identity')).toEqual([]);
});
