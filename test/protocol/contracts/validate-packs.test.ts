import { expect, test } from 'vitest';
import { createSubject } from '../../../src/protocol/contracts/subject.ts';
import { samplePack } from '../../../src/protocol/contracts/sample-pack.ts';
import { validatePacks } from '../../../src/protocol/contracts/validate-packs.ts';

/** Several packs of one catalog, and how often that was read. */
function packsOfOneCatalog(ids: readonly string[], entryId: string) {
  const { catalog, pack, now } = samplePack({ catalog: { '/identities/0/id': entryId } });
  if (catalog === undefined) throw new Error('the sample has a catalog');
  let reads = 0;
  const root: typeof catalog.root = {
    ...catalog.root,
    read: (path) => {
      reads += Number(path === catalog.path);
      return catalog.root.read(path);
    },
  };
  const listing = { path: catalog.path, root };
  const packs = ids.map((id) => ({
    subject: createSubject({ id, now, pack, catalog: listing }),
    pack: pack.show(''),
  }));
  return { packs, reads: () => reads };
}

test('a catalog is judged once, however many packs it lists', () => {
  const { packs, reads } = packsOfOneCatalog(['one', 'two', 'three'], 'Not An Id');
  const { catalog } = validatePacks(packs, ['catalog', 'collaboration-boundary']);
  expect(reads()).toBe(1);
  expect(catalog.map(({ code, message }) => `${code} ${message}`).sort()).toEqual([
    'CATALOG_DEFAULT_UNKNOWN The default identity "sample-identity" is not listed.',
    'CATALOG_PACK_UNLISTED The catalog does not list "one".',
    'CATALOG_PACK_UNLISTED The catalog does not list "three".',
    'CATALOG_PACK_UNLISTED The catalog does not list "two".',
    'CATALOG_VALUE identities[0].id is not an id of 2 to 64 lower-case letters, digits and hyphens.',
  ]);
});
