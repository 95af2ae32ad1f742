import { describe, expect, it } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { catalogPath, parseCatalog } from '../../src/protocol/catalog.ts';

const parse = (text: string) => parseCatalog(Buffer.from(text), catalogPath);
const codes = (text: string): string[] => parse(text).findings.map(({ code }) => code);

const entry = (id: string, more = ''): string =>
  `  - {id: ${id}, title: Title, description: Description, status: active, methodology_version: v1, pack_path: identity/packs/${id}${more}}\n`;
const catalog = (entries: string, head = 'default_identity: aa'): string =>
  `version: "1.0"\n${head}\nidentities:\n${entries}`;

describe('parseCatalog', () => {
  it('reads an entry with all its blocks', () => {
    const blocks = `, owner: me, tags: [x], interface: {display_name: D, default_prompt: P},
      policy: {allow_implicit_activation: false, activation_priority: 90},
      dependencies: {tools: [{type: mcp, value: v}]}, observability: {event_topics: [t]}`;
    const read = parse(catalog(entry('aa', blocks)));
    expect(read.findings).toEqual([]);
    expect(read.catalog).toMatchObject({ version: '1.0', defaultIdentity: 'aa' });
    const [first] = read.catalog.identities;
    expect(first).toMatchObject({
      id: 'aa',
      status: 'active',
      methodologyVersion: 'v1',
      packPath: 'identity/packs/aa',
      interface: { displayName: 'D', defaultPrompt: 'P' },
      policy: { allowImplicitActivation: false, activationPriority: 90 },
      dependencies: { tools: [{ type: 'mcp', value: 'v' }] },
      observability: { eventTopics: ['t'], requiredArtifacts: [] },
    });
    expect(first?.source).toMatchObject({ owner: 'me', methodology_version: 'v1' });
  });

  it.each([
    ['an empty default', 'default_identity: ""', 'CATALOG_DEFAULT_EMPTY'],
    ['an unlisted default', 'default_identity: zz', 'CATALOG_DEFAULT_UNKNOWN'],
    ['no default', 'updated_at: "2026"', 'CATALOG_DEFAULT_UNKNOWN'],
  ])('takes %s as none', (_name, head, code) => {
    const read = parse(catalog(entry('aa'), head));
    expect(read.catalog.defaultIdentity).toBeNull();
    expect(read.findings.map((finding) => finding.code)).toEqual([code]);
  });

  it.each([
    [
      'unknown key at the root',
      catalog(entry('aa'), 'default_identity: aa\nx: 1'),
      'CATALOG_UNKNOWN_KEY',
      '',
    ],
    [
      'version that is not a string',
      catalog(entry('aa')).replace('"1.0"', '1.0'),
      'CATALOG_FIELD_INVALID',
      '/version',
    ],
    [
      'short title',
      catalog(entry('aa')).replace('Title', 'T'),
      'CATALOG_FIELD_INVALID',
      '/identities/0/title',
    ],
    [
      'unknown status',
      catalog(entry('aa')).replace('active', 'on'),
      'CATALOG_FIELD_INVALID',
      '/identities/0/status',
    ],
    [
      'no pack_path',
      catalog(
        '  - {id: aa, title: Title, description: Description, status: active, methodology_version: v1}',
      ),
      'CATALOG_FIELD_INVALID',
      '/identities/0/pack_path',
    ],
    [
      'priority out of range',
      catalog(entry('aa', ', policy: {activation_priority: 101}')),
      'CATALOG_FIELD_INVALID',
      '/identities/0/policy/activation_priority',
    ],
    [
      'unknown key in interface',
      catalog(entry('aa', ', interface: {"a/b": 1}')),
      'CATALOG_FIELD_INVALID',
      '/identities/0/interface/a~1b',
    ],
    [
      'tool without value',
      catalog(entry('aa', ', dependencies: {tools: [{type: mcp}]}')),
      'CATALOG_FIELD_INVALID',
      '/identities/0/dependencies/tools/0',
    ],
    [
      'block that is not a mapping',
      catalog(entry('aa', ', policy: x')),
      'CATALOG_FIELD_INVALID',
      '/identities/0/policy',
    ],
  ])('finds: %s', (_name, text, code, pointer) => {
    expect(parse(text).findings).toMatchObject([{ code, pointer, path: catalogPath }]);
  });

  it('takes an unknown status as inactive', () => {
    expect(parse(catalog(entry('aa')).replace('active', 'on')).catalog.identities[0]?.status).toBe(
      'inactive',
    );
  });

  it('is tolerant of unknown keys in an entry', () => {
    expect(codes(catalog(entry('aa', ', x: {y: [z]}')))).toEqual([]);
  });

  it.each([
    ['empty', '', ['']],
    ['a list', '- a', ['']],
    ['no identities', 'version: "1"', ['/identities']],
    ['an empty list', 'identities: []', ['/identities']],
    ['identities as mapping', 'identities: {a: b}', ['/identities']],
    ['an invalid id', catalog(entry('A_b')), ['/identities/0/id']],
    ['a duplicate id', catalog(entry('aa') + entry('aa')), ['/identities']],
    [
      'an absolute pack_path',
      catalog(entry('aa').replace('identity/packs', '/x')),
      ['/identities/0/pack_path'],
    ],
    [
      'a pack_path that leaves',
      catalog(entry('aa').replace('identity/packs', '../x')),
      ['/identities/0/pack_path'],
    ],
    [
      'a pack_path that is not text',
      catalog(entry('aa').replace('identity/packs/aa', '7')),
      ['/identities/0/pack_path'],
    ],
    [
      'all of it together',
      catalog(entry('A_b') + '  - x\n' + entry('aa').replace('identity/packs', '..')),
      ['/identities/0/id', '/identities/1/id', '/identities/2/pack_path'],
    ],
  ])('refuses %s, naming every problem', (_name, text, pointers) => {
    let error: unknown;
    try {
      parse(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(InstallError);
    const { code, details } = error as InstallError;
    expect(code).toBe('E_CATALOG_INVALID');
    expect((details['findings'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(
      pointers,
    );
  });
});
