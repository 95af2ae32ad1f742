import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGit } from '../../../src/platform/git/adapter.ts';
import type { Git, ObjectPart } from '../../../src/platform/git.ts';
import { looseGit } from '../../support/loose-git.ts';
import { recordingGit, testEnvironment } from '../../support/release-context.ts';
import { makeRepository, openRepository, type TestRepository } from '../../support/repository.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const files = {
  empty: '',
  'run.sh': { content: 'echo\n', executable: true },
  'deep/er/file.md': 'text\n'.repeat(1000),
} as const;
const incoming = 'refs/incoming/tags/v1.0.0';
const request = { refspecs: [`+refs/tags/v1.0.0:${incoming}`], depth: 1 };

interface Subject {
  readonly git: Git;
  readonly store: string;
  /** Which calls a git was started for. */
  readonly started: readonly string[];
}

const subjects = {
  'git itself': (): Subject => {
    const store = join(temporaryDirectory(), 'store.git');
    const { git, calls } = recordingGit(createGit(testEnvironment()));
    return { git, store, started: calls };
  },
  'git without a process': (): Subject => {
    const store = join(temporaryDirectory(), 'store.git');
    const { git, calls } = recordingGit(createGit(testEnvironment()));
    return { git: looseGit(git), store, started: calls };
  },
};

function openSource(): { readonly source: TestRepository; readonly address: string } {
  const source = makeRepository({ 'v1.0.0': files });
  source.tag('plain', source.git('rev-parse', 'v1.0.0^{commit}'));
  source.git('update-ref', 'refs/heads/main', 'plain');
  return { source, address: source.path };
}

const local = (address: string) => ({ address, reach: 'local' }) as const;

/** Each object in one piece; git cuts its answers anywhere. */
async function objectsOf({ git, store }: Subject, names: readonly string[]): Promise<unknown[]> {
  const reader = git.openObjects(store, 'converse');
  const found: unknown[] = [];
  const data: Buffer[] = [];
  const take = (part: ObjectPart): void => {
    if (part.kind === 'data') data.push(Buffer.from(part.bytes));
    else if (part.kind === 'end') found.push(Buffer.concat(data.splice(0)).toString('latin1'));
    else found.push(part);
  };
  for await (const parts of reader.read(names)) for (const part of parts) take(part);
  await reader.close();
  return found;
}

async function answersOf(subject: Subject, { address, source }: ReturnType<typeof openSource>) {
  const { git, store } = subject;
  const commit = source.git('rev-parse', 'plain');
  const tags = await git.remoteRefs(local(address), 'tags');
  const all = await git.remoteRefs(local(address), 'branches-and-tags');
  await git.createStore(store);
  const before = await git.refs(store, 'refs/');
  await git.fetch(store, local(address), request);
  const fetched = await git.refs(store, 'refs/incoming/');
  const changes = [
    ['refs/pins/one', commit],
    ['refs/pins/two', commit],
    [incoming, null],
  ] as const;
  await git.updateRefs(store, new Map<string, string | null>(changes));
  await git.updateRefs(store, new Map([['refs/pins/two', null]]));
  const after = await git.refs(store, 'refs/');
  const exact = [await git.refs(store, 'refs/pins/one'), await git.refs(store, 'refs/pins/two')];
  const names = [commit, `${commit}^{tree}`, `${commit}:deep/er/file.md`, `${commit}:empty`];
  const objects = await objectsOf(subject, names);
  const missing = await objectsOf(subject, [commit, `${commit}:absent`, '0'.repeat(40)]);
  openRepository(store).git('fsck', '--strict', '--full');
  return { tags, all, before, fetched, after, exact, objects, missing };
}

test('git without a process answers as git does', async () => {
  const source = openSource();
  const real = subjects['git itself']();
  const quick = subjects['git without a process']();
  expect(await answersOf(quick, source)).toEqual(await answersOf(real, source));
  // Which of two objects is missing, only git can say.
  expect(quick.started).toEqual(['openObjects']);
  expect(real.started.length).toBeGreaterThan(quick.started.length);
});

describe('git without a process asks git', () => {
  const odd: Readonly<Record<string, (source: TestRepository) => unknown>> = {
    'what is packed': (source) => source.git('gc', '--quiet'),
    'a tag of a tag': (source) => source.annotate('v1.0.0', source.git('rev-parse', 'v1.0.0')),
    'a tag of a tree': (source) =>
      source.annotate('v1.0.0', source.git('rev-parse', 'plain^{tree}')),
    'a link': (source) => retag(source, [['120000', 'link']]),
    'a name that git checks': (source) => retag(source, [['100644', '.gitmodules']]),
    'a file for a directory': (source) => retag(source, [['40000', 'directory']]),
    'a missing object': (source) => source.tag('v1.0.0', 'f'.repeat(40)),
  };

  function retag(source: TestRepository, entries: readonly (readonly [string, string])[]): void {
    const oid = source.blob('content');
    const tree = source.rawTree(entries.map(([mode, name]) => ({ mode, name, oid })));
    source.annotate('v1.0.0', source.commitTree(tree));
  }

  test.each(Object.entries(odd))('about %s, and has its answer', async (_name, change) => {
    const { source, address } = openSource();
    change(source);
    const [quick, real] = [subjects['git without a process'](), subjects['git itself']()];
    const fetchWith = async ({ git, store }: Subject): Promise<unknown> => {
      await git.createStore(store);
      try {
        await git.fetch(store, local(address), request);
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
      return (await git.refs(store, 'refs/')).map(({ name, oid, commit }) => [name, oid, commit]);
    };
    expect(await fetchWith(quick)).toEqual(await fetchWith(real));
    expect(quick.started).toContain('fetch');
  });

  test('for what is at a server, and when the run was interrupted', async () => {
    const { git, started } = subjects['git without a process']();
    const web = { address: 'http://127.0.0.1:1/x.git', reach: 'network', allowHttp: true } as const;
    await expect(git.remoteRefs(web, 'tags')).rejects.toMatchObject({
      code: 'E_SOURCE_UNREACHABLE',
    });
    const signal = AbortSignal.abort();
    const { address } = openSource();
    await expect(git.remoteRefs(local(address), 'tags', { signal })).rejects.toMatchObject({
      code: 'E_INTERRUPTED',
    });
    expect(started).toEqual(['remoteRefs', 'remoteRefs']);
  });
});
