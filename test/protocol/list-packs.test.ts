import { describe, expect, it } from 'vitest';
import { catalogPath } from '../../src/protocol/catalog.ts';
import { memoryView } from '../../src/protocol/documents/file-view.ts';
import { listPacks } from '../../src/protocol/list-packs.ts';

const list = (files: Readonly<Record<string, string>>) =>
  listPacks(
    memoryView(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))),
    catalogPath,
  );

describe('the packs around a catalog', () => {
  it('are where it says, in its order, and then where packs usually are', () => {
    const { listed, unlisted, defaultIdentity } = list({
      [catalogPath]: `default_identity: two
identities:
  - { id: two, pack_path: somewhere/two }
  - { id: one, pack_path: identity/packs/one }
`,
      'somewhere/two/README.md': '',
      'identity/packs/one/META.yaml': '',
      'identity/packs/three/IDENTITY_PROMPT.md': '',
      'identity/four/CURRENT_TASK.json': '',
      'identity/runtime/IDENTITY_COMPILED.md': '',
    });
    expect([...listed]).toEqual([
      ['two', 'somewhere/two'],
      ['one', 'identity/packs/one'],
    ]);
    expect([...unlisted]).toEqual([
      ['three', 'identity/packs/three'],
      ['four', 'identity/four'],
    ]);
    expect(defaultIdentity).toBe('two');
  });

  it.each(['../out', '/etc', 'nowhere', '', 'a/../b'])('are not at "%s"', (path) => {
    const catalog = `identities: [{ id: one, pack_path: "${path}" }]`;
    expect([...list({ [catalogPath]: catalog }).listed]).toEqual([['one', null]]);
  });

  it.each(['identities: [', '- a', '', 'identities: { one: two }'])(
    'are found although the catalog is %j',
    (catalog) => {
      const { listed, unlisted, defaultIdentity } = list({
        [catalogPath]: catalog,
        'identity/packs/one/IDENTITY_PROMPT.md': '',
      });
      expect([listed.size, unlisted.size, defaultIdentity]).toEqual([0, 1, null]);
    },
  );
});
