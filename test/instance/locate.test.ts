import { describe, expect, it } from 'vitest';
import { locateInstance } from '../../src/instance/locate.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';

const home = '/h';
const id = 'writer';

function locate(files: Record<string, string | null>, packPath?: string) {
  const fs = createMemoryFileSystem({ [home]: null, ...files });
  return locateInstance({
    fs,
    home,
    id,
    ...(packPath === undefined ? {} : { localCatalogPackPath: packPath }),
  });
}

describe('locateInstance', () => {
  it.each([
    ['nothing there', {}, undefined, '/h/instances/writer', false, 'instances'],
    [
      'its own place',
      { '/h/instances/writer/notes': '' },
      undefined,
      '/h/instances/writer',
      true,
      'instances',
    ],
    [
      'identity/<id>',
      { '/h/identity/writer/CURRENT_TASK.json': '' },
      undefined,
      '/h/identity/writer',
      true,
      'legacy',
    ],
    [
      'identities/<id>',
      { '/h/identities/writer/IDENTITY_PROMPT.md': '' },
      undefined,
      '/h/identities/writer',
      true,
      'legacy',
    ],
    ['<id>', { '/h/writer/IDENTITY_PROMPT.md': '' }, undefined, '/h/writer', true, 'legacy'],
    [
      'a directory of that name that is not an instance',
      { '/h/writer/notes': '' },
      undefined,
      '/h/instances/writer',
      false,
      'instances',
    ],
    [
      'the local catalog',
      { '/h/packs/w/x': '', '/h/instances/writer/x': '' },
      'packs/w',
      '/h/packs/w',
      true,
      'catalog',
    ],
    ['the local catalog, not yet there', {}, './packs/w/', '/h/packs/w', false, 'catalog'],
    ['the local catalog, absolute', { '/data/w/x': '' }, '/data/w', '/data/w', true, 'catalog'],
    [
      'the local catalog, absolute in the home',
      {},
      '/h/instances/writer',
      '/h/instances/writer',
      false,
      'catalog',
    ],
  ])('%s', (_name, files: Record<string, string>, packPath, path, exists, place) => {
    expect(locate(files, packPath)).toEqual({ path, exists, place });
  });

  it('names both of two places', () => {
    const files = { '/h/instances/writer/x': '', '/h/writer/CURRENT_TASK.json': '' };
    expect(() => locate(files)).toThrow(
      expect.objectContaining({
        code: 'E_INSTANCE_AMBIGUOUS',
        details: { id, paths: ['/h/instances/writer', '/h/writer'] },
      }),
    );
  });

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../../x',
    '/',
    '/h',
    '/h/',
    '.identity-install/x',
    'a\\b',
    '/h/../h',
  ])('refuses the pack_path %j', (packPath) => {
    expect(() => locate({}, packPath)).toThrow(
      expect.objectContaining({ code: 'E_INSTANCE_UNSAFE' }),
    );
  });

  it.each([
    ['the instance', '/h/instances/writer', undefined],
    ['a component', '/h/instances', undefined],
    ['a legacy instance', '/h/writer', undefined],
    ['a component of a pack_path', '/h/packs', 'packs/writer'],
    ['an instance outside', '/data', '/data'],
  ])('refuses %s that is a link', (_name, link, packPath) => {
    const fs = createMemoryFileSystem({
      '/h/instances-not': null,
      '/real/writer/IDENTITY_PROMPT.md': '',
      '/real/IDENTITY_PROMPT.md': '',
    });
    if (link.startsWith('/h/instances/')) fs.raw.mkdirSync('/h/instances');
    fs.raw.symlinkSync('/real', link);
    expect(() =>
      locateInstance({ fs, home, id, ...(packPath ? { localCatalogPackPath: packPath } : {}) }),
    ).toThrow(expect.objectContaining({ code: 'E_INSTANCE_UNSAFE' }));
  });

  describe('in a working tree', () => {
    const project = '/code/project';
    const inProject = `${project}/.agents/identity`;
    const files = {
      [`${project}/.git/HEAD`]: '',
      [`${inProject}/catalog.local.yaml`]: '',
      [`${project}/packs`]: null,
      '/home/ann/.ssh': null,
    };
    const locateIn = (packPath: string, links: Readonly<Record<string, string>> = {}) => {
      const fs = createMemoryFileSystem(files);
      for (const [path, target] of Object.entries(links)) fs.raw.symlinkSync(target, path);
      return locateInstance({ fs, home: inProject, id, localCatalogPackPath: packPath });
    };

    it.each([`${project}/packs/writer`, `${project}/not/there/writer`, 'packs/writer'])(
      'takes the pack_path %s',
      (packPath) => {
        const path = packPath.startsWith('/') ? packPath : `${inProject}/${packPath}`;
        expect(locateIn(packPath)).toEqual({ path, exists: false, place: 'catalog' });
      },
    );

    it('takes a pack_path that comes by another name of the working tree', () => {
      const place = locateIn('/alias/packs/writer', { '/alias': project });
      expect(place.path).toBe(`${project}/packs/writer`);
    });

    it.each<[string, string, Readonly<Record<string, string>>?]>([
      ['outside', '/home/ann/.ssh/writer'],
      ['a parent', '/code/writer'],
      ['a hook', `${project}/.git/hooks`],
      ['a hook, by another case', `${project}/.Git/hooks`],
      ['git, relative to the home', '.git/hooks'],
      ['git, out of the home', '../../.git/hooks'],
      ['outside by a link', `${project}/keys/writer`, { [`${project}/keys`]: '/home/ann/.ssh' }],
      [
        'what is not there outside, by a link',
        `${project}/keys/a/b/writer`,
        { [`${project}/keys`]: '/home/ann/.ssh' },
      ],
      ['git by a link', `${project}/hooks/writer`, { [`${project}/hooks`]: '.git' }],
    ])('refuses a pack_path that leads %s', (_where, packPath, links = {}) => {
      expect(() => locateIn(packPath, links)).toThrow(
        expect.objectContaining({
          code: 'E_NOT_TRUSTED',
          message: expect.stringContaining(packPath),
        }),
      );
    });

    it('refuses a pack_path behind a link that leads nowhere', () => {
      expect(() => locateIn(`${project}/gone/writer`, { [`${project}/gone`]: '/nowhere' })).toThrow(
        expect.objectContaining({ code: 'E_INSTANCE_UNSAFE' }),
      );
    });
  });

  it('refuses a file in the place of the instance', () => {
    expect(() => locate({ '/h/instances/writer': 'x' })).toThrow(
      expect.objectContaining({ code: 'E_INSTANCE_UNSAFE' }),
    );
  });
});
