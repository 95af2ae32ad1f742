import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listingErrorCodes } from '../../src/protocol/discovery/listing.ts';

test('docs/discovery.md names every code of errors[] with its meaning', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/discovery.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ]);
  expect(Object.fromEntries(rows)).toEqual(listingErrorCodes);
});
