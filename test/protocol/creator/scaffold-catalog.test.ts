import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/core/bounded-yaml.ts';
import { addToCatalog, scaffoldCatalog } from '../../../src/protocol/creator/scaffold-catalog.ts';

const entry = { id: 'new-one', title: 'New one', tags: ['a'] };
const addition = { entry, today: '2026-02-22' };
const read = (text: string): unknown => parseYaml(Buffer.from(text), { path: 'c.yaml' });

const before = `# Ours.
version: "1.0" # kept
updated_at: '2020-01-01'
default_identity: old
identities:
  # The first one.
  - id: old   # with spaces
    title: "Old"
# The end.
`;

describe('addToCatalog', () => {
  test('adds lines and the date, and leaves every other byte', () => {
    const after = addToCatalog(before, addition);
    const added = after.split('\n').filter((line) => !before.split('\n').includes(line));
    expect(added).toEqual([
      "updated_at: '2026-02-22'",
      '  - id: "new-one"',
      '    title: "New one"',
      '    tags:',
      '      - "a"',
    ]);
    const gone = before.split('\n').filter((line) => !after.split('\n').includes(line));
    expect(gone).toEqual(["updated_at: '2020-01-01'"]);
  });

  test('makes it the default only when asked', () => {
    expect(read(addToCatalog(before, addition))).toMatchObject({ default_identity: 'old' });
    expect(read(addToCatalog(before, { ...addition, makeDefault: true }))).toMatchObject({
      default_identity: 'new-one',
    });
  });

  test.each([
    ['an empty list', 'version: "1"\nidentities: []\n'],
    ['a list without items', 'version: "1"\nidentities:\n'],
    ['no list', 'version: "1"\n'],
    ['a list in one line', 'identities: [{"id": "old"}]\n'],
    ['line endings of Windows', 'version: "1"\r\nidentities:\r\n  - id: old\r\n'],
    ['no line ending at the end', 'identities:\n- id: old'],
  ])('copes with %s', (_name, text) => {
    const after = addToCatalog(text, addition);
    expect((read(after) as { identities: unknown[] }).identities.at(-1)).toEqual(entry);
    expect(/(?<!\r)\n/.test(after)).toBe(!text.includes('\r\n'));
  });

  test.each([
    ['an id that is listed', before.replace('id: old', 'id: new-one'), 'E_ID_TAKEN'],
    ['a catalog that is a list', '- a\n', 'E_CATALOG_INVALID'],
    ['identities in a mapping', 'identities: {}\n', 'E_CATALOG_INVALID'],
    ['identities behind an alias', 'a: &a [{id: b}]\nidentities: *a\n', 'E_CATALOG_INVALID'],
    ['what cannot be parsed', 'a: [\n', 'E_DOCUMENT_INVALID'],
  ])('refuses %s', (_name, text, code) => {
    expect(() => addToCatalog(text, addition)).toThrow(expect.objectContaining({ code }));
  });
});

test('scaffoldCatalog writes one whose default is listed', () => {
  expect(read(scaffoldCatalog(addition))).toEqual({
    version: '1.0',
    updated_at: '2026-02-22',
    default_identity: 'new-one',
    identities: [entry],
  });
});
