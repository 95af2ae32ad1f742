import schema from '../../../schemas/contracts/catalog.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { isPlainPath } from '../../core/plain-path.ts';
import { isReadable } from '../documents/document.ts';
import type { FileView } from '../documents/file-view.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isText } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { advice, violation } from './findings/finding.ts';
import { documentBlock, innerBlock, type Block } from './subject/block.ts';
import { catalogDocument, type Listing } from './subject/listing.ts';

/**
 * docs/protocol.md#catalog. The whole catalog is checked, whichever of its packs is validated: its
 * entries depend on each other.
 */
export const catalog: Contract = {
  id: 'catalog',
  title: 'The catalog is complete, its ids are unique, and each leads to a pack.',
  *check({ catalog: listing, id }) {
    if (listing === undefined) return;
    const document = catalogDocument(listing);
    const block = document && isReadable(document) ? documentBlock(document) : undefined;
    // Comes first, so that it is listed whatever else is wrong with a long catalog.
    if (block !== undefined && !entriesOf(block).some((entry) => entry.get('id') === id)) {
      yield advice('CATALOG_PACK_UNLISTED', block.at('identities'), id);
    }
    let findings = findingsOf.get(listing);
    if (findings === undefined) findingsOf.set(listing, (findings = [...aboutAll(listing)]));
    yield* findings;
  },
  samples: [
    {
      name: 'an entry with free-form blocks only',
      catalog: {
        '/identities/0/policy': removed,
        '/identities/0/observability': removed,
        '/identities/0/profile': 'fixture',
      },
      finds: null,
    },
    { name: 'no date', catalog: { '/updated_at': removed }, finds: null },
    {
      name: 'an entry without a title',
      catalog: { '/identities/0/title': removed },
      finds: 'CATALOG_MISSING',
    },
    {
      name: 'a default that is not listed',
      catalog: { '/default_identity': 'somebody-else' },
      finds: 'CATALOG_DEFAULT_UNKNOWN',
    },
    {
      name: 'a pack that is not there',
      catalog: { '/identities/0/pack_path': 'identity/packs/nowhere' },
      finds: 'CATALOG_PACK_MISSING',
    },
  ],
};

/** The findings about a catalog, once, however many packs it lists. */
const findingsOf = new WeakMap<Listing, readonly Finding[]>();

function* aboutAll(listing: Listing): Generator<Finding> {
  const { root, path } = listing;
  const document = catalogDocument(listing);
  if (document === undefined) {
    const problem = 'it is missing or cannot be read';
    yield violation('CATALOG_UNREADABLE', { path: root.show(path) }, problem);
    return;
  }
  if (!isReadable(document)) {
    yield violation('CATALOG_UNREADABLE', document.place, document.problem);
    return;
  }
  const block = documentBlock(document);
  if (block === undefined) {
    yield violation('CATALOG_NO_MAPPING', document.at(''));
    return;
  }
  const local = path.endsWith('catalog.local.yaml');
  for (const finding of schemaFindings('CATALOG', block, schema)) {
    // Older tools wrote keys of their own at the root of local catalogs.
    if (local && finding.code === 'CATALOG_UNKNOWN' && isAtRoot(finding)) continue;
    // An identity that is registered in a home need not be active.
    if (local && finding.pointer === '/default_identity' && isEmpty(block)) continue;
    yield finding;
  }
  const entries = entriesOf(block);
  yield* idsTwice(entries);
  yield* unknownDefault(block, entries);
  for (const entry of entries) yield* unresolvable(entry, root, local);
}

function entriesOf(catalog: Block): Block[] {
  const list = catalog.get('identities');
  if (!Array.isArray(list)) return [];
  return list.flatMap((_entry, index) => innerBlock(catalog, 'identities', index) ?? []);
}

function isEmpty(catalog: Block): boolean {
  return catalog.get('default_identity') === '';
}

function isAtRoot({ pointer = '' }: Finding): boolean {
  return pointer.lastIndexOf('/') === 0;
}

function* idsTwice(entries: readonly Block[]): Generator<Finding> {
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = entry.get('id');
    if (typeof id !== 'string') continue;
    if (seen.has(id)) yield violation('CATALOG_ID_TWICE', entry.at('id'), id);
    seen.add(id);
  }
}

function* unknownDefault(catalog: Block, entries: readonly Block[]): Generator<Finding> {
  const chosen = catalog.get('default_identity');
  // The schema reports a missing value and one that is not a text.
  if (!isText(chosen)) return;
  if (entries.some((entry) => entry.get('id') === chosen)) return;
  yield violation('CATALOG_DEFAULT_UNKNOWN', catalog.at('default_identity'), chosen);
}

/** A local catalog may name an instance outside of the home by its absolute path. */
function* unresolvable(entry: Block, root: FileView, local: boolean): Generator<Finding> {
  const path = entry.get('pack_path');
  if (!isText(path)) return;
  if (local && path.startsWith('/')) return;
  const place = entry.at('pack_path');
  if (!isPlainPath(path)) yield violation('CATALOG_PACK_PATH_UNSAFE', place, path);
  else if (root.list(path).length === 0) yield violation('CATALOG_PACK_MISSING', place, path);
}
