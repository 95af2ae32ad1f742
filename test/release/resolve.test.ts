import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReleaseContext } from '../../src/release/context.ts';
import type { ResolveOptions } from '../../src/release/resolution.ts';
import { resolveRelease } from '../../src/release/resolve.ts';
import { pinCommit } from '../../src/release/store.ts';
import { serveRepositories } from '../support/git-server.ts';
import {
  createReleaseContext,
  recordingGit,
  sourceOf,
  testEnvironment,
} from '../support/release-context.ts';
import { makeRepository, openRepository, type TestRepository } from '../support/repository.ts';
import { refuseMovedSince, refuseOlder } from '../../src/release/step-back.ts';
import { saying } from '../support/hint-of.ts';

const files = { 'identity/catalog/identities.yaml': 'version: "1.0"\n' };

/** Resolves as a caller would, from the repository's path unless told otherwise. */
function resolve(
  context: ReleaseContext,
  repository: { readonly path: string },
  options: Partial<ResolveOptions> = {},
) {
  return resolveRelease(context, { source: sourceOf(context, repository.path), ...options });
}

function refused(code: string, text = ''): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(text) }) as unknown;
}

async function overHttp(context: ReleaseContext, repository: TestRepository) {
  const requests: string[] = [];
  const address = await serveRepositories(dirname(repository.path), (url) => requests.push(url));
  return { source: sourceOf(context, `${address}/source.git`, true), requests };
}

describe('a tag', () => {
  it('is nailed down to tag object, commit and tree', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    const { release, fetched } = await resolve(createReleaseContext(), repository);
    expect(fetched).toBe(true);
    expect(release).toEqual({
      url: repository.path,
      sourceKind: 'repository',
      tag: 'v1.0.0',
      tagObject: repository.git('rev-parse', 'refs/tags/v1.0.0'),
      commit: repository.git('rev-parse', 'v1.0.0^{commit}'),
      tree: repository.git('rev-parse', 'v1.0.0^{tree}'),
      version: '1.0.0',
    });
  });

  it('wins over a branch of the same name', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    repository.git('update-ref', 'refs/heads/v1.0.0', repository.commit({ evil: 'x' }));
    repository.git('update-ref', 'refs/heads/refs/tags/v2.0.0', repository.commit({ evil: 'y' }));
    const { release } = await resolve(createReleaseContext(), repository);
    expect(release.commit).toBe(repository.git('rev-parse', 'refs/tags/v1.0.0^{commit}'));
  });

  it('of a tag of a tag is the commit in the end', async () => {
    const repository = makeRepository();
    const commit = repository.commit(files);
    const inner = repository.annotate('inner', commit);
    const middle = repository.annotate('middle', inner);
    const outer = repository.annotate('v1.0.0', middle);
    const { release } = await resolve(createReleaseContext(), repository);
    expect([release.commit, release.tagObject]).toEqual([commit, outer]);
  });

  it.each(['tree', 'blob'])('of a %s is refused', async (kind) => {
    const repository = makeRepository({ 'v1.0.0': files });
    const object =
      kind === 'tree' ? repository.git('rev-parse', 'v1.0.0^{tree}') : repository.blob('text');
    repository.tag('v1.1.0', object);
    repository.annotate('v1.2.0', object);
    const context = createReleaseContext();
    for (const selector of ['v1.1.0', 'v1.2.0']) {
      await expect(resolve(context, repository, { selector })).rejects.toThrow(
        refused('E_TAG_OBJECT', selector),
      );
    }
  });

  it('whose name is not a version is ignored with a note', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    repository.tag('V9.0.0', repository.commit(files));
    const { release, findings } = await resolve(createReleaseContext(), repository);
    expect(release.tag).toBe('v1.0.0');
    expect(findings).toEqual([expect.objectContaining({ code: 'TAG_IGNORED' })]);
  });

  it('that does not exist is refused, naming what there is', async () => {
    const context = createReleaseContext();
    await expect(
      resolve(context, makeRepository({ 'v1.0.0': files }), { selector: '9.x' }),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'E_TAG_NOT_FOUND', remedy: saying('v1.0.0') }),
    );
    const untagged = makeRepository();
    untagged.tag('nightly', untagged.commit(files));
    await expect(resolve(context, untagged)).rejects.toThrow(
      expect.objectContaining({
        code: 'E_TAG_NOT_FOUND',
        remedy: saying('nightly'),
      }),
    );
  });

  it('is ambiguous when two tags of its version disagree, and not when they agree', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    repository.annotate('1.0.0', repository.git('rev-parse', 'v1.0.0^{commit}'));
    const context = createReleaseContext();
    expect((await resolve(context, repository)).release.tag).toBe('v1.0.0');
    repository.annotate('v1.0.0+other', repository.commit({ other: 'x' }));
    await expect(resolve(context, repository)).rejects.toThrow(refused('E_TAG_AMBIGUOUS'));
  });
});

describe('over http', () => {
  it('fetches one commit of history, then nothing while the server says the same', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    const parent = repository.git('rev-parse', 'v1.0.0^{commit}');
    const tree = repository.git('rev-parse', 'v1.0.0^{tree}');
    const child = repository.git('commit-tree', '-p', parent, '-m', 'next', tree);
    repository.annotate('v1.1.0', child);
    const { git, calls } = recordingGit(createReleaseContext().git);
    const context = createReleaseContext({ git });
    const { source } = await overHttp(context, repository);

    const first = await resolveRelease(context, { source });
    expect([first.release.commit, first.fetched]).toEqual([child, true]);
    const store = openRepository(`${context.releasesDirectory}/releases.git`);
    expect(store.git('rev-list', '--all')).toBe(child);

    calls.length = 0;
    const second = await resolveRelease(context, { source });
    expect([second.release, second.fetched]).toEqual([first.release, false]);
    expect(calls).toEqual(['refs', 'remoteRefs']);

    calls.length = 0;
    const offline = await resolveRelease(context, { source, offline: true });
    expect(offline.release).toEqual(first.release);
    expect(calls).toEqual(['refs']);
  });

  it('has nothing to offer offline before the first run', async () => {
    const context = createReleaseContext();
    const source = sourceOf(context, 'https://example.invalid/packs.git');
    await expect(resolveRelease(context, { source, offline: true })).rejects.toThrow(
      refused('E_OFFLINE'),
    );
  });

  it('notices that the tag moves between the announcement and the fetch', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    const moved = repository.commit({ evil: 'x' });
    const context = createReleaseContext();
    let fetches = 0;
    const address = await serveRepositories(dirname(repository.path), (url) => {
      if (url.includes('info/refs')) fetches += 1;
      if (fetches === 2) repository.annotate('v1.0.0', moved);
    });
    const source = sourceOf(context, `${address}/source.git`, true);
    const before = repository.git('rev-parse', 'v1.0.0^{commit}');
    await expect(resolveRelease(context, { source, expectedCommit: before })).rejects.toThrow(
      refused('E_TAG_MOVED', moved),
    );
  });
});

describe('a tag that moved', () => {
  async function movedRepository() {
    const repository = makeRepository({ 'v1.0.0': files });
    const context = createReleaseContext();
    const { release } = await resolve(context, repository);
    const now = repository.commit({ ...files, evil: 'x' });
    repository.annotate('v1.0.0', now);
    return { repository, context, release, now };
  }

  it('since it was seen stops the run, showing both commits, every time', async () => {
    const { repository, context, release, now } = await movedRepository();
    for (let run = 0; run < 2; run += 1) {
      await expect(resolve(context, repository)).rejects.toThrow(
        expect.objectContaining({
          code: 'E_TAG_MOVED',
          details: { tag: 'v1.0.0', before: release.commit, now },
        }),
      );
    }
  });

  it('since it was installed stops the run on a machine that never saw it', async () => {
    const { repository, release, now } = await movedRepository();
    const fresh = await resolve(createReleaseContext(), repository);
    expect(() => refuseMovedSince(fresh.release, release)).toThrow(refused('E_TAG_MOVED', now));
    expect(() => refuseMovedSince(fresh.release, fresh.release)).not.toThrow();
  });

  it('is taken when that is accepted, and then the new commit counts', async () => {
    const { repository, context, now } = await movedRepository();
    const options = { acceptMovedTag: true };
    expect((await resolve(context, repository, options)).release.commit).toBe(now);
    expect((await resolve(context, repository)).release.commit).toBe(now);
  });

  it('is the same commit when only its message was rewritten', async () => {
    const { repository, context, release } = await movedRepository();
    repository.git('tag', '--force', '-a', '-m', 'again', 'v1.0.0', release.commit);
    expect((await resolve(context, repository)).release.commit).toBe(release.commit);
  });
});

describe('an older version than the installed one', () => {
  it('is refused; the same and newer ones are not', async () => {
    const repository = makeRepository({ 'v1.4.9': files, 'v1.4.10': files });
    const context = createReleaseContext();
    const installed = (await resolve(context, repository)).release;
    const older = (await resolve(context, repository, { selector: 'v1.4.9' })).release;
    expect(() => refuseOlder(older, installed)).toThrow(refused('E_TAG_DOWNGRADE', '1.4.10'));
    expect(() => refuseOlder(installed, installed)).not.toThrow();
    expect(() => refuseOlder(installed, older)).not.toThrow();
  });
});

describe('a commit', () => {
  it('is found by its id or the beginning of it, and needs no remote the second time', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    const commit = repository.git('rev-parse', 'v1.0.0^{commit}');
    const context = createReleaseContext();
    const short = await resolve(context, repository, { selector: commit.slice(0, 8) });
    expect(short.release).toMatchObject({ commit, tag: null, tagObject: null, version: null });
    const source = sourceOf(context, repository.path);
    renameSync(repository.path, `${repository.path}.gone`);
    const again = await resolveRelease(context, { source, selector: commit });
    expect([again.release, again.fetched]).toEqual([short.release, false]);
  });

  it('that no ref names comes from a server that hands it out', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    const commit = repository.commit({ loose: 'x' });
    const context = createReleaseContext();
    const { source } = await overHttp(context, repository);
    const { release } = await resolveRelease(context, { source, selector: commit });
    expect(release.commit).toBe(commit);
  });

  it('in the history of a bundle is found though the bundle names only tags', async () => {
    const repository = makeRepository();
    const old = repository.commit(files);
    const tree = repository.git('rev-parse', `${old}^{tree}`);
    repository.tag('v1.0.0', repository.git('commit-tree', '-p', old, '-m', 'next', tree));
    const bundle = `${repository.path}.bundle`;
    repository.git('bundle', 'create', '--quiet', bundle, '--tags');
    const context = createReleaseContext();
    const found = await resolve(context, { path: bundle }, { selector: old });
    expect(found.release.commit).toBe(old);
  });

  it('that is not there is refused', async () => {
    const repository = makeRepository({ 'v1.0.0': files });
    const context = createReleaseContext();
    for (const selector of ['0123456789', 'f'.repeat(40)]) {
      await expect(resolve(context, repository, { selector })).rejects.toThrow(
        refused('E_TAG_NOT_FOUND'),
      );
    }
  });
});

it('a shallow clone is a source like any other', async () => {
  const repository = makeRepository({ 'v1.0.0': files });
  const commit = repository.git('rev-parse', 'v1.0.0^{commit}');
  const tree = repository.git('rev-parse', 'v1.0.0^{tree}');
  repository.tag('v1.1.0', repository.git('commit-tree', '-p', commit, '-m', 'x', tree));
  const clone = `${repository.path}.shallow`;
  repository.git(
    'clone',
    '-q',
    '--bare',
    '--depth=1',
    '-b',
    'v1.1.0',
    `file://${repository.path}`,
    clone,
  );
  const { release } = await resolve(createReleaseContext(), { path: clone });
  expect(release.tag).toBe('v1.1.0');
});

it('the starter is read from the package, also offline, or said to be absent', async () => {
  const repository = makeRepository({ 'v1.0.0': files });
  const packageDirectory = dirname(repository.path);
  const context = createReleaseContext({ environment: testEnvironment({ packageDirectory }) });
  const source = sourceOf(context, 'starter');
  await expect(resolveRelease(context, { source })).rejects.toThrow(
    refused('E_SOURCE_UNREACHABLE', 'starter'),
  );
  mkdirSync(join(packageDirectory, 'dist'));
  const bundle = join(packageDirectory, 'dist', 'starter.bundle');
  repository.git('bundle', 'create', '--quiet', bundle, '--tags');
  const { release } = await resolveRelease(context, { source, offline: true });
  expect(release).toMatchObject({ url: 'starter', sourceKind: 'starter', tag: 'v1.0.0' });
});

it('a pin keeps a commit in the store after its tag moved on', async () => {
  const repository = makeRepository({ 'v1.0.0': files });
  const context = createReleaseContext();
  const { release } = await resolve(context, repository);
  await pinCommit(context, release.commit);
  await pinCommit(context, release.commit);
  repository.annotate('v1.0.0', repository.commit({ other: 'x' }));
  await resolve(context, repository, { acceptMovedTag: true });
  const store = openRepository(`${context.releasesDirectory}/releases.git`);
  store.git('reflog', 'expire', '--expire=now', '--all');
  store.git('gc', '--quiet', '--prune=now');
  expect(store.git('cat-file', '-t', release.commit)).toBe('commit');
});
