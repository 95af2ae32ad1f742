import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import type { InstallError } from '../../src/core/errors.ts';
import type { ReleaseContext } from '../../src/release/context.ts';
import type { PackLimits } from '../../src/release/limits.ts';
import { readPack, type LoadedPack, type ReadPackOptions } from '../../src/release/pack.ts';
import { readReleaseFiles } from '../../src/release/release-files.ts';
import { resolveRelease } from '../../src/release/resolve.ts';
import { readDocument } from '../../src/release/tree.ts';
import { createReleaseContext, recordingGit, sourceOf } from '../support/release-context.ts';
import {
  makeRepository,
  type RawTreeEntry,
  type RepositoryFiles,
  type TestRepository,
} from '../support/repository.ts';

const packPath = 'identity/packs/agent';

/** Installs nothing: brings a commit of the repository into a store and reads its pack. */
async function read(
  repository: TestRepository,
  options: Partial<ReadPackOptions> & { readonly context?: ReleaseContext } = {},
): Promise<LoadedPack> {
  const { context = createReleaseContext(), ...rest } = options;
  const { release } = await resolveRelease(context, { source: sourceOf(context, repository.path) });
  return readPack(context, { commit: release.commit, packPath, id: 'agent', ...rest });
}

const inPack = (files: RepositoryFiles): RepositoryFiles =>
  Object.fromEntries(Object.entries(files).map(([path, file]) => [`${packPath}/${path}`, file]));

/**
 * A release whose pack is exactly these tree entries. It goes through a bundle, for which git
 * does not look into the objects: from a server most of these would not even arrive.
 */
function hostile(build: (repository: TestRepository) => readonly RawTreeEntry[]): TestRepository {
  const repository = makeRepository();
  const pack = repository.rawTree(build(repository));
  const packs = repository.rawTree([{ mode: '40000', name: 'agent', oid: pack }]);
  const identity = repository.rawTree([{ mode: '40000', name: 'packs', oid: packs }]);
  const root = repository.rawTree([{ mode: '40000', name: 'identity', oid: identity }]);
  repository.tag('v1.0.0', repository.commitTree(root));
  const bundle = `${repository.path}.bundle`;
  repository.git('bundle', 'create', '--quiet', bundle, '--tags');
  return { ...repository, path: bundle };
}

async function refusal(reading: Promise<unknown>): Promise<InstallError> {
  try {
    await reading;
  } catch (error) {
    return error as InstallError;
  }
  throw new Error('accepted');
}

describe('a pack', () => {
  it('is its files with digests, sizes and the executable bit', async () => {
    const repository = makeRepository({
      'v1.0.0': {
        'outside.md': 'not part of it',
        ...inPack({
          'IDENTITY_PROMPT.md': 'Be kind.\n',
          'run.sh': { content: 'x', executable: true },
        }),
      },
    });
    const { pack } = await read(repository);
    expect(pack).toMatchObject({ id: 'agent', packPath, findings: [] });
    expect([...pack.entries]).toEqual([
      [
        'IDENTITY_PROMPT.md',
        {
          kind: 'file',
          sha256: sha256('Be kind.\n'),
          size: 9,
          executable: false,
          oid: repository.git('rev-parse', `v1.0.0:${packPath}/IDENTITY_PROMPT.md`),
        },
      ],
      ['run.sh', expect.objectContaining({ executable: true })],
    ]);
  });

  it('holds the bytes of the blobs, whatever .gitattributes says', async () => {
    const content = Buffer.from('a\r\nb\n$Id$\n$Format:%H$\n\0\xff', 'latin1');
    const files = inPack({
      '.gitattributes': '* text eol=crlf ident export-subst filter=lfs\nhidden export-ignore\n',
      'data.txt': content,
      hidden: 'shipped',
    });
    const { pack, read: bytesOf } = await read(makeRepository({ 'v1.0.0': files }));
    expect(pack.entries.get('data.txt')?.sha256).toBe(sha256(content));
    for await (const { bytes } of bytesOf(['data.txt'])) expect(bytes).toEqual(content);
    expect([...pack.entries.keys()]).toEqual(['.gitattributes', 'data.txt', 'hidden']);
  });

  it('is read by one git process for trees and one for content, and again only beyond the budget', async () => {
    const files = inPack({ a: 'aaaa', b: 'b'.repeat(200_000), c: 'cccc', d: '' });
    const { git, calls } = recordingGit(createReleaseContext().git);
    const context = createReleaseContext({ git });
    const loaded = await read(makeRepository({ 'v1.0.0': files }), { context, heldBytes: 1000 });
    const opened = () => calls.filter((name) => name === 'openObjects').length;
    expect(opened()).toBe(2);

    const held: string[] = [];
    for await (const { path } of loaded.read(['a'])) held.push(path);
    expect([held, opened()]).toEqual([['a'], 2]);

    const all: [string, string][] = [];
    for await (const { path, bytes } of loaded.read(['d', 'b', 'a', 'c', 'b'])) {
      all.push([path, bytes.toString()]);
    }
    const expected = [
      ['d', ''],
      ['b', 'b'.repeat(200_000)],
      ['a', 'aaaa'],
      ['c', 'cccc'],
    ];
    expect(all).toEqual([...expected, expected[1]]);
    expect(opened()).toBe(3);
  });

  it('can be left in the middle of reading it', async () => {
    const files = inPack({ a: 'x'.repeat(500_000), b: 'y'.repeat(500_000) });
    const loaded = await read(makeRepository({ 'v1.0.0': files }), { heldBytes: 0 });
    const seen: string[] = [];
    for await (const { path } of loaded.read(['a', 'b'])) {
      seen.push(path);
      break;
    }
    expect(seen).toEqual(['a']);
  });

  it('that is not there, or is a file, is missing', async () => {
    const repository = makeRepository({ 'v1.0.0': { 'identity/packs/agent': 'a file' } });
    for (const path of [packPath, 'identity/other', `${packPath}/x`]) {
      expect(await refusal(read(repository, { packPath: path }))).toMatchObject({
        code: 'E_PACK_MISSING',
        exitCode: 4,
      });
    }
  });

  it.each(['../agent', '/etc', 'identity//agent', '.git', 'identity/packs/agent/', ''])(
    'at %j is refused',
    async (path) => {
      const repository = makeRepository({ 'v1.0.0': inPack({ a: 'x' }) });
      expect((await refusal(read(repository, { packPath: path }))).code).toBe('E_PACK_PATH');
    },
  );
});

describe('hostile trees, through real git', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;

  it.each<[string, string, (blob: string, repository: TestRepository) => RawTreeEntry[]]>([
    ['..', 'E_PACK_PATH', (oid) => [{ mode: '100644', name: '..', oid }]],
    ['an embedded slash', 'E_PACK_PATH', (oid) => [{ mode: '100644', name: 'a/../../b', oid }]],
    ['.GIT', 'E_PACK_PATH', (oid) => [{ mode: '100644', name: '.GIT', oid }]],
    ['not UTF-8', 'E_PACK_PATH', (oid) => [{ mode: '100644', name: Buffer.from([0xff]), oid }]],
    ['a line feed', 'E_PACK_PATH', (oid) => [{ mode: '100644', name: 'a\nb', oid }]],
    ['a leading dash', 'E_PACK_PATH', (oid) => [{ mode: '100644', name: '-rf', oid }]],
    ['a link', 'E_PACK_ENTRY', (oid) => [{ mode: '120000', name: 'link', oid }]],
    ['a submodule', 'E_PACK_ENTRY', () => [{ mode: '160000', name: 'm', oid: 'a'.repeat(40) }]],
    ['a group-writable file', 'E_PACK_ENTRY', (oid) => [{ mode: '100664', name: 'w', oid }]],
    ['a set-user-id file', 'E_PACK_ENTRY', (oid) => [{ mode: '104755', name: 's', oid }]],
    [
      'duplicates',
      'E_PACK_COLLISION',
      (oid) => [
        { mode: '100644', name: 'a', oid },
        { mode: '100644', name: 'a', oid },
      ],
    ],
    [
      'names that fold together',
      'E_PACK_COLLISION',
      (oid) => [
        { mode: '100644', name: 'STRASSE', oid },
        { mode: '100644', name: 'straße', oid },
      ],
    ],
    [
      'an LFS pointer',
      'E_PACK_LFS',
      (_oid, repository) => [{ mode: '100644', name: 'a', oid: repository.blob(pointer) }],
    ],
  ])('%s: %s', async (_name, code, entries) => {
    const repository = hostile((made) => entries(made.blob('x'), made));
    const error = await refusal(read(repository));
    expect([error.code, error.exitCode]).toEqual([code, 4]);
    expect(error.details['findings']).toHaveLength(1);
  });

  it('a tree that spells out 10^30 entries is refused at once', async () => {
    const repository = hostile((made) => {
      let tree = made.rawTree([{ mode: '100644', name: 'x', oid: made.blob('x') }]);
      for (let level = 0; level < 30; level += 1) {
        const names = '0 1 2 3 4 5 6 7 8 9'.split(' ');
        tree = made.rawTree(names.map((name) => ({ mode: '40000', name, oid: tree })));
      }
      return [{ mode: '40000', name: 'bomb', oid: tree }];
    });
    expect((await refusal(read(repository))).code).toBe('E_PACK_LIMIT');
  });

  it('a tree without end in depth is refused', async () => {
    const repository = hostile((made) => {
      let tree = made.rawTree([{ mode: '100644', name: 'x', oid: made.blob('x') }]);
      for (let level = 0; level < 40; level += 1) {
        tree = made.rawTree([{ mode: '40000', name: 'd', oid: tree }]);
      }
      return [{ mode: '40000', name: 'deep', oid: tree }];
    });
    expect((await refusal(read(repository))).code).toBe('E_PACK_LIMIT');
  });

  it('reports too large files and pointers together', async () => {
    const files = inPack({ big: 'x'.repeat(2000), pointer });
    const within = (limits: Partial<PackLimits>) => ({ context: createReleaseContext({ limits }) });
    const repository = makeRepository({ 'v1.0.0': files });
    const error = await refusal(read(repository, within({ fileBytes: 1000 })));
    expect(error.code).toBe('E_PACK_LFS');
    expect(error.details['findings']).toMatchObject([
      { code: 'LIMIT_FILE', path: 'big' },
      { code: 'LFS_POINTER', path: 'pointer' },
    ]);
    const tooMuch = await refusal(read(repository, within({ totalBytes: 1000 })));
    expect(tooMuch.code).toBe('E_PACK_LIMIT');
  });
});

describe('single files of a release', () => {
  it('the catalog is read within its limit, and only when it is a file', async () => {
    const repository = makeRepository({
      'v1.0.0': { 'identity/catalog/identities.yaml': 'version: "1.0"\n', top: 'x' },
    });
    const context = createReleaseContext();
    const { release } = await resolveRelease(context, {
      source: sourceOf(context, repository.path),
    });
    const document = (path: string, limit?: number) =>
      readDocument(context, {
        commit: release.commit,
        path,
        ...(limit === undefined ? {} : { limit }),
      });
    expect((await document('identity/catalog/identities.yaml'))?.toString()).toBe(
      'version: "1.0"\n',
    );
    expect((await document('top'))?.toString()).toBe('x');
    for (const path of ['identity', 'none', 'no/such', 'identity/catalog', 'top/x', 'a\nb']) {
      expect(await document(path)).toBeUndefined();
    }
    expect((await refusal(document('identity/catalog/identities.yaml', 5))).code).toBe(
      'E_PACK_LIMIT',
    );
  });

  it('bases come from several releases in the order asked', async () => {
    const repository = makeRepository({ 'v1.0.0': { a: 'one' }, 'v1.1.0': { a: 'two', b: '' } });
    const context = createReleaseContext();
    const source = sourceOf(context, repository.path);
    const commits: string[] = [];
    for (const selector of ['v1.0.0', 'v1.1.0']) {
      commits.push((await resolveRelease(context, { source, selector })).release.commit);
    }
    const [old = '', current = ''] = commits;
    const asked = [
      { commit: current, path: 'b' },
      { commit: old, path: 'a' },
      { commit: old, path: 'b' },
      { commit: current, path: 'a' },
    ];
    const found: (string | undefined)[] = [];
    for await (const { bytes } of readReleaseFiles(context, asked)) found.push(bytes?.toString());
    expect(found).toEqual(['', 'one', undefined, 'two']);
    const injected = readReleaseFiles(context, [{ commit: old, path: 'a\nb' }]);
    expect((await refusal(injected.next())).code).toBe('E_PACK_PATH');
  });
});
