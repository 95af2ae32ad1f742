import { describe, expect, it } from 'vitest';
import { catalogPath, parseCatalog } from '../../src/protocol/catalog.ts';
import { choosableIds, findPack } from '../../src/protocol/find-pack.ts';
import { saying } from '../support/hint-of.ts';

const entry = (id: string, packPath: string): string =>
  `  - {id: ${id}, title: Title, description: Description, status: active, methodology_version: v1, pack_path: ${packPath}}\n`;
const { catalog } = parseCatalog(
  Buffer.from(
    `version: "1"\ndefault_identity: listed\nidentities:\n${entry('listed', 'identity/elsewhere')}${entry('gone', 'identity/packs/gone')}`,
  ),
  catalogPath,
);

const treePaths = [
  'identity/elsewhere/only-file',
  'identity/both/IDENTITY_PROMPT.md',
  'identity/packs/both/CURRENT_TASK.json',
  'identity/legacy/CURRENT_TASK.json',
  'identity/catalog/identities.yaml',
  'identity/protocol/IDENTITY_RUNTIME.md',
  'identity/runtime/deep/IDENTITY_PROMPT.md',
  'identity/gone/IDENTITY_PROMPT.md',
  'other/legacy2/CURRENT_TASK.json',
];

describe('findPack', () => {
  it.each([
    ['listed', 'identity/elsewhere'],
    ['both', 'identity/packs/both'],
    ['legacy', 'identity/legacy'],
  ])('%s is at %s', (id, path) => {
    expect(findPack({ catalog, treePaths, id })).toBe(path);
    expect(findPack({ catalog, treePaths: treePaths.toReversed(), id })).toBe(path);
  });

  it.each(['protocol', 'runtime', 'catalog', 'legacy2', 'only-file', 'deep'])(
    '%s is not a pack',
    (id) => {
      expect(() => findPack({ catalog, treePaths, id })).toThrow(
        expect.objectContaining({ code: 'E_PACK_MISSING' }),
      );
    },
  );

  it('does not second-guess a catalog that names an empty place', () => {
    expect(() => findPack({ catalog, treePaths, id: 'gone' })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('nothing exists at identity/packs/gone') as string,
      }),
    );
  });

  it('names what can be chosen, the nearest first', () => {
    expect(() => findPack({ catalog, treePaths, id: 'legcy' })).toThrow(
      expect.objectContaining({
        details: { id: 'legcy', choosable: ['legacy', 'both', 'listed'] },
        remedy: { kind: 'choose', among: ['legacy', 'both', 'listed'], meant: 'legacy' },
      }),
    );
    expect(() => findPack({ catalog: undefined, treePaths: [], id: 'aa' })).toThrow(
      expect.objectContaining({ remedy: saying('no identity at all') }),
    );
  });

  it('works without a catalog', () => {
    expect(choosableIds({ catalog: undefined, treePaths })).toEqual(['both', 'gone', 'legacy']);
    expect(choosableIds({ catalog, treePaths })).toEqual(['listed', 'both', 'legacy']);
  });
});
