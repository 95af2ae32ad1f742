import { outputFileSync } from 'fs-extra/esm';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import type { ReadFileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { listIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { codesOf, idsOf, list } from '../../support/listing.ts';
import { catalogYaml, discoveryContext, entryYaml, rootSeed } from '../../support/discovery.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const prompt = 'IDENTITY_PROMPT.md';
const catalog = 'identity/catalog/identities.yaml';

/** The disk, with one path that the system refuses to be looked at. */
function refusing(path: string): ReadFileSystem {
  const disk = createDiskFileSystem();
  const refuse =
    <T>(call: string, look: (at: string) => T) =>
    (at: string): T => {
      if (at === path) throw systemError('EACCES', 'permission denied', call, at);
      return look(at);
    };
  return {
    ...disk,
    stat: refuse('lstat', (at) => disk.stat(at)),
    list: refuse('scandir', (at) => disk.list(at)),
    read: refuse('open', (at) => disk.read(at)),
  };
}

describe('one bad part hides nothing else', () => {
  const good = () => temporaryDirectory(rootSeed(['good']));

  test.each([
    ['that is not valid YAML', '{', 'error CATALOG_INVALID'],
    ['that is not a mapping', '- a\n', 'error CATALOG_INVALID'],
    ['with a key that poisons objects', '__proto__: {}\n', 'error CATALOG_INVALID'],
    ['that is a bomb', `a: ${'['.repeat(5000)}\n`, 'error CATALOG_INVALID'],
    ['beyond all size', `# ${'x'.repeat(1 << 21)}\n`, 'error CATALOG_INVALID'],
  ])('a catalog %s is an error of its root', (_what, text, code) => {
    const broken = temporaryDirectory({ [catalog]: text });
    const listing = list(broken, [good()]);
    expect(idsOf(listing)).toEqual(['good']);
    expect(codesOf(listing)).toEqual([code]);
    expect(listing.errors[0]?.path).toBe(join(broken, catalog));
  });

  test.each(['directory', 'link'])('a catalog that is a %s is an error that says so', (kind) => {
    const root = temporaryDirectory({ ...rootSeed(['ab']), 'other.yaml': catalogYaml([]) });
    rmSync(join(root, catalog));
    if (kind === 'link') symlinkSync('../../other.yaml', join(root, catalog));
    else mkdirSync(join(root, catalog));
    expect(list(root).errors[0]).toEqual({
      code: 'CATALOG_UNREADABLE',
      path: join(root, catalog),
      message: `${join(root, catalog)} is not a regular file (${kind}).`,
      severity: 'error',
    });
  });

  test('the places of packs and catalogs are not packs themselves', () => {
    const root = temporaryDirectory({
      ...rootSeed(['ab']),
      'identity/packs/IDENTITY_PROMPT.md': 'x',
      'identity/catalog/IDENTITY_PROMPT.md': 'x',
    });
    const listing = list(root);
    expect(idsOf(listing)).toEqual(['ab']);
    expect(listing.errors).toEqual([]);
  });

  test('an entry that cannot be used is an error, and the other entries are listed', () => {
    const root = temporaryDirectory({
      ...rootSeed(['good', 'away']),
      [catalog]: catalogYaml([
        entryYaml('../evil'),
        entryYaml('away', { pack_path: '../../etc' }),
        entryYaml('good'),
      ]),
    });
    const listing = list(root);
    expect(idsOf(listing)).toEqual(['good']);
    expect(codesOf(listing)).toEqual(['error CATALOG_INVALID', 'error PACK_PATH_INVALID']);
  });

  test('an entry of a local catalog without an id, or with one it has, costs no other entry', () => {
    const entries = [
      '  - title: Nobody\n',
      entryYaml('good', { title: 'The first' }),
      entryYaml('good', { title: 'The second' }),
    ];
    const root = temporaryDirectory({
      [`identity/packs/good/${prompt}`]: '',
      'catalog.local.yaml': `identities:\n${entries.join('')}`,
    });
    const listing = list(root);
    expect(listing.identities.map(({ title }) => title)).toEqual(['The first']);
    expect(codesOf(listing)).toEqual(['error CATALOG_INVALID', 'error IDENTITY_DUPLICATE']);
  });

  test('a catalog that is wrong in more ways than anybody reads is told as far as they go', () => {
    const entries = Array.from({ length: 3000 }, (_entry, number) => `- {id: a${number}}\n`);
    const root = temporaryDirectory({ 'catalog.local.yaml': `identities:\n${entries.join('')}` });
    const { errors } = list(root, [good()]);
    expect(errors).toHaveLength(1001);
    expect(errors.at(-1)).toMatchObject({ code: 'ERRORS_LEFT_OUT', path: root, severity: 'error' });
  });

  test.each(['identity', 'identity/catalog'])(
    'a catalog and a pin behind a link "%s" that leads out of the root are not read',
    (place) => {
      const outside = temporaryDirectory({
        ...rootSeed(['away']),
        'identity/PROTOCOL_PIN.yaml': 'secret',
      });
      const root = temporaryDirectory({ 'identity/x': null });
      rmSync(join(root, 'identity'), { recursive: true });
      outputFileSync(join(root, dirname(place), 'file'), '');
      symlinkSync(join(outside, place), join(root, place));
      const listing = list(root, [good()]);
      expect(idsOf(listing)).toEqual(['good']);
      expect(codesOf(listing)).toContain('error CATALOG_INVALID');
      expect(JSON.stringify(listing.errors)).not.toMatch(/away|secret/);
    },
  );

  test('a missing pack is PACK_PATH_NOT_FOUND with its path', () => {
    const root = temporaryDirectory({
      ...rootSeed(['good']),
      [catalog]: catalogYaml([entryYaml('gone'), entryYaml('good')], 'gone'),
    });
    const listing = list(root);
    expect(idsOf(listing)).toEqual(['good']);
    expect(listing.errors).toEqual([
      expect.objectContaining({
        code: 'PACK_PATH_NOT_FOUND',
        path: join(root, 'identity/packs/gone'),
        severity: 'error',
      }),
      expect.objectContaining({ code: 'DEFAULT_IDENTITY_UNAVAILABLE', severity: 'error' }),
    ]);
    expect(listing.defaultIdentity).toBeNull();
  });

  test('what is a file, or behind a link out of its root, is not taken as a pack', () => {
    const outside = temporaryDirectory({ [`x/${prompt}`]: 'secret' });
    const root = temporaryDirectory({
      ...rootSeed(['good', 'filed', 'linked']),
      'identity/packs/linked': null,
    });
    rmSync(join(root, 'identity/packs/filed'), { recursive: true });
    rmSync(join(root, 'identity/packs/linked'), { recursive: true });
    outputFileSync(join(root, 'identity/packs/filed'), '');
    symlinkSync(join(outside, 'x'), join(root, 'identity/packs/linked'));
    const listing = list(root);
    expect(idsOf(listing)).toEqual(['good']);
    expect(codesOf(listing)).toEqual(['error PACK_PATH_INVALID', 'error PACK_PATH_INVALID']);
  });

  test('a pack that lets nobody in is an error, and no candidate', () => {
    const bad = temporaryDirectory(rootSeed(['ab', 'cd']));
    const path = join(bad, 'identity/packs/ab', prompt);
    const far = temporaryDirectory(rootSeed(['ab']));
    const listing = list(bad, [far], discoveryContext({ fs: refusing(path) }));
    expect(listing.identities.map(({ id, packPath }) => [id, packPath])).toEqual([
      ['cd', 'identity/packs/cd'],
      ['ab', join(far, 'identity/packs/ab')],
    ]);
    expect(listing.errors).toEqual([
      expect.objectContaining({
        code: 'PACK_UNREADABLE',
        path: join(bad, 'identity/packs/ab'),
        severity: 'error',
      }),
    ]);
  });

  test.each(['', 'identity', 'identity/packs', catalog])(
    'an unreadable "%s" is an error of its root',
    (place) => {
      const bad = temporaryDirectory(rootSeed(['bad-one']));
      const other = good();
      const path = join(bad, place);
      const listing = list(bad, [other], discoveryContext({ fs: refusing(path) }));
      expect(idsOf(listing)).toContain('good');
      expect(listing.errors.some((e) => e.severity === 'error' && e.path === path)).toBe(true);
    },
  );

  test.skipIf(process.getuid?.() === 0)('a directory without permission is an error', () => {
    const bad = temporaryDirectory(rootSeed(['bad-one']));
    chmodSync(join(bad, 'identity'), 0);
    const listing = list(bad, [good()]);
    expect(idsOf(listing)).toEqual(['good']);
    expect(codesOf(listing)).toContain('error CATALOG_UNREADABLE');
  });

  test('a root that is not there, or a file, is ROOT_NOT_FOUND; an empty extra root is told', () => {
    const empty = temporaryDirectory({ file: '' });
    const listing = list(join(empty, 'gone'), [join(empty, 'file'), empty, good()]);
    expect(idsOf(listing)).toEqual(['good']);
    expect(codesOf(listing)).toEqual([
      'error ROOT_NOT_FOUND',
      'error ROOT_NOT_FOUND',
      'warn CATALOG_NOT_FOUND',
    ]);
  });
});

describe('the same id', () => {
  test('in several roots: the nearest counts, and each loser is told', () => {
    const [near, far, further] = [['ab'], ['ab', 'cd'], ['cd', 'ab']].map((ids) =>
      temporaryDirectory(rootSeed(ids)),
    ) as [string, string, string];
    const listing = list(near, [far, further]);
    expect(listing.identities.map(({ id, packPath }) => [id, packPath])).toEqual([
      ['ab', 'identity/packs/ab'],
      ['cd', join(far, 'identity/packs/cd')],
    ]);
    expect(listing.errors.map(({ code, path, severity }) => [code, path, severity])).toEqual([
      ['IDENTITY_SHADOWED', join(far, 'identity/packs/ab'), 'warn'],
      ['IDENTITY_SHADOWED', join(further, 'identity/packs/cd'), 'warn'],
      ['IDENTITY_SHADOWED', join(further, 'identity/packs/ab'), 'warn'],
    ]);
  });

  test('twice in one catalog: the first entry counts, and it is an error', () => {
    const root = temporaryDirectory({
      ...rootSeed(['ab', 'cd']),
      [catalog]: catalogYaml([
        entryYaml('ab'),
        entryYaml('ab', { title: 'Other' }),
        entryYaml('cd'),
      ]),
    });
    const listing = list(root);
    expect(listing.identities.map(({ title }) => title)).toEqual(['Title of ab', 'Title of cd']);
    expect(codesOf(listing)).toEqual(['error IDENTITY_DUPLICATE']);
  });

  test('in one root under two names does not conflict', () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(root, link);
    const listing = list(link, [root, link]);
    expect(listing.identities.map(({ packPath }) => packPath)).toEqual(['identity/packs/ab']);
    expect(listing.errors).toEqual([]);
  });

  test('whose nearest pack is missing, is found in the next root', () => {
    const near = temporaryDirectory({ [catalog]: catalogYaml([entryYaml('ab')]) });
    const far = temporaryDirectory(rootSeed(['ab']));
    const listing = list(near, [far]);
    expect(listing.identities[0]?.packPath).toBe(join(far, 'identity/packs/ab'));
    expect(codesOf(listing)).toEqual(['error PACK_PATH_NOT_FOUND']);
  });
});

describe('places', () => {
  test('new and legacy, of repositories and homes, are found; unlisted packs are inactive', () => {
    const home = temporaryDirectory({
      'catalog.local.yaml': `default_identity: in-new\nidentities:\n${entryYaml('in-new', { pack_path: 'instances/in-new' })}${entryYaml('no-path', { pack_path: undefined })}`,
      [`instances/in-new/${prompt}`]: '',
      [`identities/no-path/${prompt}`]: '',
      [`identity/in-old/${prompt}`]: '',
      [`identities/in-older/${prompt}`]: '',
      [`in-oldest/${prompt}`]: '',
      'in-oldest/META.yaml': 'id: in-oldest\ntitle: Oldest one\nstatus: active\n',
      [`identity/packs/in-packs/${prompt}`]: '',
      'something/else.txt': '',
    });
    const listing = list(home);
    expect(listing.defaultIdentity).toBe('in-new');
    expect(listing.identities.map(({ id, packPath, status }) => [id, packPath, status])).toEqual([
      ['in-new', 'instances/in-new', 'active'],
      ['no-path', 'identities/no-path', 'active'],
      ['in-packs', 'identity/packs/in-packs', 'inactive'],
      ['in-old', 'identity/in-old', 'inactive'],
      ['in-older', 'identities/in-older', 'inactive'],
      ['in-oldest', 'in-oldest', 'inactive'],
    ]);
    expect(listing.identities.at(-1)?.title).toBe('Oldest one');
  });

  test('of a project that is not a home are only those of a repository', () => {
    const project = temporaryDirectory({ [`any/${prompt}`]: '', [`instances/xy/${prompt}`]: '' });
    expect(list(project).identities).toEqual([]);
  });

  test('a project home goes before what the project ships', () => {
    const project = temporaryDirectory({
      ...rootSeed(['ab']),
      '.agents/identity/catalog.local.yaml': `identities:\n${entryYaml('ab', { pack_path: 'instances/ab' })}`,
      [`.agents/identity/instances/ab/${prompt}`]: '',
    });
    const listing = list(project);
    expect(listing.identities[0]?.packPath).toBe('.agents/identity/instances/ab');
    expect(codesOf(listing)).toEqual(['warn IDENTITY_SHADOWED']);
  });

  test('a home in a project places packs in the project only, and never among the files of git', () => {
    const elsewhere = temporaryDirectory({ [prompt]: '' });
    const project = temporaryDirectory({
      [`.git/hooks/${prompt}`]: '',
      [`packs/in/${prompt}`]: '',
    });
    const place = (id: string, path: string) => entryYaml(id, { pack_path: path });
    const entries = [
      place('in', join(project, 'packs/in')),
      place('out', elsewhere),
      place('hooks', join(project, '.git/hooks')),
    ];
    const home = join(project, '.agents/identity');
    outputFileSync(join(home, 'catalog.local.yaml'), `identities:\n${entries.join('')}`);
    const listing = list(project);
    expect(idsOf(listing)).toEqual(['in']);
    expect(listing.errors.map(({ code, path }) => [code, path])).toEqual([
      ['PACK_PATH_INVALID', elsewhere],
      ['PACK_PATH_INVALID', join(project, '.git/hooks')],
    ]);
    const links = { pack_path: '.git/hooks' };
    const own = temporaryDirectory({
      'catalog.local.yaml': `identities:\n${entryYaml('hooks', links)}`,
      [`.git/hooks/${prompt}`]: '',
    });
    expect(codesOf(list(own))).toEqual(['error PACK_PATH_INVALID']);
  });

  test('parent repositories count when configured, but not those of another user', () => {
    const top = temporaryDirectory({ ...rootSeed(['above']), '.git': null, 'a/b': null });
    const below = join(top, 'a/b');
    expect(list(below).identities).toEqual([]);
    const found = list(below, [], discoveryContext({ parentRoots: true }));
    const worktree = temporaryDirectory({
      ...rootSeed(['above']),
      '.git': 'gitdir: /elsewhere\n',
      below: null,
    });
    const inWorktree = list(join(worktree, 'below'), [], discoveryContext({ parentRoots: true }));
    expect(idsOf(inWorktree)).toEqual(['above']);
    expect(found.identities[0]?.packPath).toBe(join(top, 'identity/packs/above'));
    // What root owns is trusted by everybody, so root has to give it away.
    const uid = process.getuid?.() ?? 0;
    if (uid === 0) chownSync(top, 4321, 4321);
    const asker = uid === 0 ? 0 : uid + 1;
    const foreign = list(below, [], discoveryContext({ parentRoots: true, uid: asker }));
    expect(foreign.identities).toEqual([]);
    expect(codesOf(foreign)).toEqual(['warn ROOT_FOREIGN']);
  });

  test('relative directories are taken from the working directory, and no cwd means that one', () => {
    const root = temporaryDirectory({ 'p/x': null, ...rootSeed(['ab']) });
    const context = discoveryContext({ workingDirectory: root });
    const { data } = listIdentities({ cwds: ['.', 'p', '.'], extraRoots: ['p/..'] }, context);
    expect(data.map(({ cwd }) => cwd)).toEqual([root, join(root, 'p'), root]);
    expect(data.map(idsOf)).toEqual([['ab'], ['ab'], ['ab']]);
    expect(listIdentities({ cwds: [] }, context).data.map(({ cwd }) => cwd)).toEqual([root]);
  });
});

test('fields that the catalog leaves out have the documented defaults', () => {
  const entry = entryYaml('ab', {
    title: undefined,
    status: 'odd',
    policy: { activation_priority: 900 },
  });
  const root = temporaryDirectory({ ...rootSeed(['ab']), [catalog]: catalogYaml([entry]) });
  expect(list(root).identities).toEqual([
    {
      id: 'ab',
      title: 'ab',
      description: 'What ab is there for',
      status: 'inactive',
      packPath: 'identity/packs/ab',
      enabled: false,
      policy: {
        allowImplicitActivation: true,
        activationPriority: 50,
        conflictResolution: 'priority_then_objective',
      },
      dependencies: { tools: [] },
      interface: {},
    },
  ]);
});

describe('what was read is kept', () => {
  /** Counts what is read of a disk whose files are all older than this clock's now. */
  function counting() {
    const disk = createDiskFileSystem();
    const reads: string[] = [];
    const fs = { ...disk, read: (path: string) => (reads.push(path), disk.read(path)) };
    const clock = createFixedClock('2200-01-01T00:00:00.000Z');
    return { reads, context: discoveryContext({ fs, clock }) };
  }

  test('until something changes: a catalog, a pack that goes, one that comes, a renamed root', () => {
    const root = temporaryDirectory(rootSeed(['ab', 'cd']));
    const { reads, context } = counting();
    const ids = (): string[] => idsOf(list(root, [], context));
    expect(ids()).toEqual(['ab', 'cd']);
    const once = reads.length;
    expect(ids()).toEqual(['ab', 'cd']);
    expect(reads.length).toBe(once);

    outputFileSync(join(root, catalog), catalogYaml([entryYaml('ab')]));
    outputFileSync(join(root, 'identity/packs/ef', prompt), '');
    expect(ids()).toEqual(['ab', 'cd', 'ef']);
    rmSync(join(root, 'identity/packs/ab'), { recursive: true });
    expect(ids()).toEqual(['cd', 'ef']);
    const other = temporaryDirectory(rootSeed(['new-one']));
    renameSync(join(root, 'identity'), join(root, 'old'));
    renameSync(join(other, 'identity'), join(root, 'identity'));
    mkdirSync(join(other, 'identity'));
    expect(ids()).toEqual(['new-one']);
  });

  test('until a file is another one of the same size and time', () => {
    const root = temporaryDirectory(rootSeed(['ab', 'cd']));
    const { context } = counting();
    const path = join(root, catalog);
    const { atime, mtime } = statSync(path);
    expect(idsOf(list(root, [], context))).toEqual(['ab', 'cd']);
    const text = readFileSync(path, 'utf8').replaceAll('packs/cd', 'packs/xx');
    writeFileSync(path, text);
    utimesSync(path, atime, mtime);
    expect(codesOf(list(root, [], context))).toContain('error PACK_PATH_NOT_FOUND');
  });

  test('until what a link leads to comes, or another link on the way is changed', () => {
    const root = temporaryDirectory({ ...rootSeed(['ab']), [`v2/${prompt}`]: '' });
    const { context } = counting();
    const pack = join(root, 'identity/packs/ab');
    const current = join(root, 'current');
    const places = (): string[] =>
      list(root, [], context).identities.map(({ packPath }) => packPath);
    rmSync(pack, { recursive: true });
    symlinkSync(current, pack);
    symlinkSync(join(root, 'v1'), current);
    expect(places()).toEqual([]);
    outputFileSync(join(root, 'v1', prompt), '');
    expect(places()).toEqual(['v1']);
    rmSync(current);
    symlinkSync(join(root, 'v2'), current);
    expect(places()).toEqual(['v2']);
  });

  test('but not when a reload is forced, nor while its files are too young to be told apart', () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const { reads, context } = counting();
    listIdentities({ cwds: [root] }, context);
    const once = reads.length;
    listIdentities({ cwds: [root], forceReload: true }, context);
    expect(reads.length).toBe(2 * once);

    const disk = createDiskFileSystem();
    let young = 0;
    const fs = { ...disk, read: (path: string) => ((young += 1), disk.read(path)) };
    const fresh = discoveryContext({ fs });
    list(root, [], fresh);
    const first = young;
    list(root, [], fresh);
    expect(young).toBe(2 * first);
  });
});
