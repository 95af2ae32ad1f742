import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/core/bounded-yaml.ts';
import { editLocalCatalog } from '../../src/protocol/edit-local-catalog.ts';
import { readLocalCatalog } from '../../src/protocol/local-catalog.ts';

const source = {
  id: 'writer',
  title: 'Writer',
  description: 'Writes: "things" # and more',
  status: 'inactive',
  owner: 'not copied',
  methodology_version: '1.0',
  pack_path: 'identity/packs/writer',
  policy: { allow_implicit_activation: true, activation_priority: 50 },
  dependencies: { tools: [{ type: 'mcp', value: 'v' }] },
};
const register = { source, id: 'writer', packPath: 'instances/writer' };
const values = (text: string): unknown => parseYaml(Buffer.from(text), { path: 'x' });

const entryText = `  - id: "writer"
    title: "Writer"
    description: "Writes: \\"things\\" # and more"
    status: "inactive"
    methodology_version: "1.0"
    pack_path: "instances/writer"
    policy:
      allow_implicit_activation: true
      activation_priority: 50
    dependencies:
      tools:
        - type: "mcp"
          value: "v"
`;

const grown = `# my catalog
version:   "1.0"      # aligned
default_identity: 'other'
x-tool: {a: 1,   b: [1,2]}

identities:
# first
- id: other
  title: >-
    a folded
    title

  status: active   # mine
  pack_path: "instances/other"
# the end
`;

describe('editLocalCatalog: register', () => {
  it('makes a catalog where there is none', () => {
    expect(editLocalCatalog(undefined, { register })).toBe(
      `version: "1.0"\ndefault_identity: ""\nidentities:\n${entryText}`,
    );
  });

  it('adds an entry and leaves every other byte alone', () => {
    const dashed = entryText.replaceAll(/^ {2}/gm, '');
    expect(editLocalCatalog(grown, { register })).toBe(
      grown.replace('# the end\n', `${dashed}# the end\n`),
    );
  });

  it.each([
    ['# only a comment', '# only a comment\nversion: "1.0"\n'],
    ['version: "2"\nidentities: []\n', `version: "2"\nidentities:\n${entryText}`],
    ['version: "2"\nidentities:\n', `version: "2"\nidentities:\n${entryText}`],
    [
      'version: "2"\nidentities: # none yet\n',
      `version: "2"\nidentities: # none yet\n${entryText}`,
    ],
    ['version: "2"', `version: "2"\nidentities:\n${entryText}`],
    ['identities: [{id: aa}]\nz: 1\n', 'identities: [{id: aa}, {"id":"writer"'],
    ['identities:\n  - {id: aa}', `identities:\n  - {id: aa}\n${entryText}`],
    ['identities:\n  - id: aa\n    note: |\n      x\n\nz: 1\n', `      x\n${entryText}\nz: 1\n`],
  ])('extends %j', (text, part) => {
    const edited = editLocalCatalog(text, { register });
    expect(edited).toContain(part);
    expect(values(edited)).toMatchObject({
      identities: expect.arrayContaining([expect.objectContaining({ id: 'writer' })]) as unknown,
    });
  });

  it('updates an entry, keeping its status and what the release does not say', () => {
    const text = `identities:
  - id: writer    # keep me
    title: 'Old'  # and me
    status: active
    mine: {x: 1}
    pack_path: instances/writer
    policy:
      # why
      activation_priority: 7   # high
      mine: true
    dependencies: {tools: []}
  - id: other
`;
    expect(editLocalCatalog(text, { register })).toBe(`identities:
  - id: writer    # keep me
    title: 'Writer'  # and me
    status: active
    mine: {x: 1}
    pack_path: instances/writer
    policy:
      # why
      activation_priority: 50   # high
      mine: true
      allow_implicit_activation: true
    dependencies: {tools: [{"type":"mcp","value":"v"}]}
    description: "Writes: \\"things\\" # and more"
    methodology_version: "1.0"
  - id: other
`);
  });

  it('replaces a block list in place', () => {
    const text = editLocalCatalog(undefined, { register });
    const tools = [
      { type: 'network', value: 'n', description: 'd' },
      { type: 'mcp', value: 'w' },
    ];
    const edited = editLocalCatalog(text, {
      register: { ...register, source: { ...source, dependencies: { tools } } },
    });
    expect(edited.startsWith(text.slice(0, text.indexOf('- type')))).toBe(true);
    expect(values(edited)).toMatchObject({ identities: [{ dependencies: { tools } }] });
  });
});

describe('editLocalCatalog: activate', () => {
  it('sets the default and the status, in the quotes that are there', () => {
    const text = grown.replace('active   # mine', "'inactive'   # mine");
    expect(editLocalCatalog(text, { activate: 'other' })).toBe(
      text.replace("'inactive'", "'active'"),
    );
    const none = text.replace("'other'", '""');
    expect(editLocalCatalog(none, { activate: 'other' })).toBe(
      none.replace('""', '"other"').replace("'inactive'", "'active'"),
    );
  });

  it('adds the default beside the version, and the status to its entry', () => {
    expect(editLocalCatalog('version: "1"\nidentities:\n  - id: aa\n', { activate: 'aa' })).toBe(
      'version: "1"\ndefault_identity: "aa"\nidentities:\n  - id: aa\n    status: "active"\n',
    );
  });

  it('fills a default without value', () => {
    const text = 'default_identity:\nidentities:\n  - id: aa\n    status: active\n';
    expect(editLocalCatalog(text, { activate: 'aa' })).toBe(
      text.replace('default_identity:', 'default_identity: "aa"'),
    );
  });

  it('refuses what is not listed', () => {
    expect(() => editLocalCatalog(grown, { activate: 'writer' })).toThrow(
      expect.objectContaining({ code: 'E_NOT_INSTALLED' }),
    );
  });
});

describe('editLocalCatalog', () => {
  it.each([undefined, '', '# x\n', grown, grown.replaceAll('\n', '\r\n'), 'identities: []'])(
    'changes nothing the second time: %j',
    (text) => {
      const edits = { register, activate: 'writer' };
      const once = editLocalCatalog(text, edits);
      expect(editLocalCatalog(once, edits)).toBe(once);
      expect(values(once)).toMatchObject({ default_identity: 'writer' });
    },
  );

  it('keeps the line endings', () => {
    const crlf = grown.replaceAll('\n', '\r\n');
    const edits = { register, activate: 'writer' };
    expect(editLocalCatalog(crlf, edits)).toBe(
      editLocalCatalog(grown, edits).replaceAll('\n', '\r\n'),
    );
  });

  it.each([
    ['unreadable', 'a: [', {}],
    ['a list', '- a', {}],
    ['identities as mapping', 'identities: {}', {}],
    ['an entry without id', 'identities: [{title: x}]', {}],
    ['a duplicate id', 'identities: [{id: aa}, {id: aa}]', {}],
    ['deep', `x: ${'['.repeat(20_000)}`, {}],
    ['an entry that is an alias', 'x: &w {id: writer}\nidentities:\n  - *w\n', { register }],
    [
      'a value that others share',
      'identities:\n  - id: writer\n    status: &s inactive\n    mine: *s\n',
      { activate: 'writer' },
    ],
  ])('refuses to touch what is %s', (_name, text, edits) => {
    expect(() => editLocalCatalog(text, edits)).toThrow(
      expect.objectContaining({ code: 'E_CATALOG_LOCAL' }),
    );
  });
});

describe('readLocalCatalog', () => {
  it('reads what an instance is looked up by', () => {
    expect(readLocalCatalog(Buffer.from(grown), 'x')).toMatchObject({
      defaultIdentity: 'other',
      identities: [{ id: 'other', status: 'active', packPath: 'instances/other' }],
    });
    expect(readLocalCatalog(Buffer.from(''), 'x')).toEqual({
      defaultIdentity: null,
      identities: [],
    });
  });
});
