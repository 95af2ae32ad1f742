import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/protocol/contracts/catalog.ts';
import { removed } from '../../../src/protocol/contracts/contract.ts';
import { memoryView } from '../../../src/protocol/documents/file-view.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
import { describeMutations } from '../../support/mutations.ts';

const at = 'identity/catalog/identities.yaml';

describeMutations('catalog', [
  ['no catalog where one should be', { repository: { [at]: null } }, 'CATALOG_UNREADABLE'],
  ['a catalog that cannot be parsed', { repository: { [at]: 'a: [' } }, 'CATALOG_UNREADABLE'],
  ['a catalog that is a list', { repository: { [at]: '- a\n' } }, 'CATALOG_NO_MAPPING'],
  ['no version', { catalog: { '/version': removed } }, 'CATALOG_MISSING'],
  ['a version that is a number', { catalog: { '/version': 1 } }, 'CATALOG_TYPE'],
  ['an empty default', { catalog: { '/default_identity': '' } }, 'CATALOG_VALUE'],
  [
    'a default that is not listed',
    { catalog: { '/default_identity': 'no' } },
    'CATALOG_DEFAULT_UNKNOWN',
  ],
  ['a key that a release does not take', { catalog: { '/extra': 1 } }, 'CATALOG_UNKNOWN'],
  ['no description', { catalog: { '/identities/0/description': removed } }, 'CATALOG_MISSING'],
  ['a title of two letters', { catalog: { '/identities/0/title': 'ab' } }, 'CATALOG_VALUE'],
  ['a status of its own', { catalog: { '/identities/0/status': 'on' } }, 'CATALOG_VALUE'],
  [
    'a path out of the release',
    { catalog: { '/identities/0/pack_path': '../x' } },
    'CATALOG_PACK_PATH_UNSAFE',
  ],
  ['a path to nothing', { catalog: { '/identities/0/pack_path': 'x' } }, 'CATALOG_PACK_MISSING'],
  [
    'a priority above 100',
    { catalog: { '/identities/0/policy/activation_priority': 101 } },
    'CATALOG_VALUE',
  ],
  ['a policy key of its own', { catalog: { '/identities/0/policy/x': 1 } }, 'CATALOG_UNKNOWN'],
  ['an interface that is a text', { catalog: { '/identities/0/interface': 'x' } }, 'CATALOG_TYPE'],
  [
    'a tool of an unknown type',
    { catalog: { '/identities/0/dependencies/tools/0/type': 'x' } },
    'CATALOG_VALUE',
  ],
  [
    'a tool without a value',
    { catalog: { '/identities/0/dependencies/tools/0/value': removed } },
    'CATALOG_MISSING',
  ],
  [
    'event topics in a text',
    { catalog: { '/identities/0/observability/event_topics': 'x' } },
    'CATALOG_TYPE',
  ],
  ['an entry that is a text', { catalog: { '/identities/1': 'somebody' } }, 'CATALOG_TYPE'],
  [
    'an id that is taken',
    {
      catalog: {
        '/identities/1': {
          id: 'sample-identity',
          title: 'Another one',
          description: 'With the same id.',
          status: 'inactive',
          methodology_version: 'v1.0',
          pack_path: 'identity/packs/sample-identity',
        },
      },
    },
    'CATALOG_ID_TWICE',
  ],
  [
    'a pack that it does not list',
    { catalog: { '/identities/0/id': 'somebody', '/default_identity': 'somebody' } },
    'CATALOG_PACK_UNLISTED',
  ],
]);

describe('a local catalog', () => {
  const entry = {
    id: 'elsewhere',
    title: 'Elsewhere',
    description: 'An instance outside of the home.',
    status: 'active',
    methodology_version: 'v1.0',
    pack_path: '/srv/elsewhere',
  };
  const codes = (path: string, written: object): string[] => {
    const root = memoryView(new Map([[path, Buffer.from(JSON.stringify(written))]]));
    const subject = createSubject({
      id: 'elsewhere',
      now: new Date(0),
      pack: memoryView(new Map()),
      catalog: { path, root },
    });
    return [...catalog.check(subject)].map(({ code }) => code);
  };
  const written = { version: '1.0', default_identity: 'elsewhere', identities: [entry], older: 1 };

  test('may have keys of older tools, and instances outside of the home', () => {
    expect(codes('catalog.local.yaml', written)).toEqual([]);
    expect(codes('catalog.yaml', written)).toEqual(['CATALOG_UNKNOWN', 'CATALOG_PACK_PATH_UNSAFE']);
  });

  test('may not have them inside of its blocks', () => {
    const strange = { ...entry, policy: { older: 1 } };
    expect(codes('catalog.local.yaml', { ...written, identities: [strange] })).toEqual([
      'CATALOG_UNKNOWN',
    ]);
  });
});
