import { describe, expect, onTestFinished, test } from 'vitest';
import { createGit } from '../../../src/platform/git/adapter.ts';
import { keepReader } from '../../../src/platform/git/kept-reader.ts';
import type { Git, ObjectReader } from '../../../src/platform/git.ts';
import { recordingGit, testEnvironment } from '../../support/release-context.ts';
import { makeRepository, type TestRepository } from '../../support/repository.ts';

interface Subject {
  readonly store: string;
  readonly repository: TestRepository;
  readonly plain: Git;
  readonly git: Git;
  readonly close: () => Promise<void>;
  /** For which calls the git below was asked. */
  readonly calls: readonly string[];
}

function open(): Subject {
  const repository = makeRepository({ 'v1.0.0': { a: 'one\n', b: 'two\n', 'd/c': 'three\n' } });
  const plain = createGit(testEnvironment());
  const { git: recorded, calls } = recordingGit(plain);
  const { git, close } = keepReader(recorded);
  onTestFinished(close);
  return { store: repository.path, repository, plain, git, close, calls };
}

async function textsOf(reader: ObjectReader, names: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for await (const parts of reader.read(names)) {
    for (const part of parts) {
      if (part.kind === 'header') texts.push('');
      if (part.kind === 'data') texts.push(`${texts.pop() ?? ''}${part.bytes.toString('latin1')}`);
      if (part.kind === 'missing') texts.push('missing');
    }
  }
  return texts;
}

async function ask({ git, store }: Subject, ...names: readonly string[]): Promise<string[]> {
  const reader = git.openObjects(store, 'stream');
  try {
    return await textsOf(reader, names);
  } finally {
    await reader.close();
  }
}

describe('a kept reader', () => {
  test('answers question after question through one process', async () => {
    const subject = open();
    expect(await ask(subject, 'v1.0.0:a', 'v1.0.0:d/c')).toEqual(['one\n', 'three\n']);
    expect(await ask(subject, 'v1.0.0:absent')).toEqual(['missing']);
    expect(await ask(subject, 'v1.0.0:b')).toEqual(['two\n']);
    expect(subject.calls).toEqual(['openObjects']);
  });

  test('sees what was written since its process began', async () => {
    const subject = open();
    const { repository } = subject;
    await ask(subject, 'v1.0.0:a');
    repository.annotate('v1.1.0', repository.commit({ a: 'new\n' }));
    repository.git('gc', '--quiet');
    expect(await ask(subject, 'v1.1.0:a')).toEqual(['new\n']);
    expect(subject.calls).toEqual(['openObjects']);
  });

  test('gives questions that overlap a process each, and keeps one', async () => {
    const subject = open();
    const { git, store, calls } = subject;
    const first = git.openObjects(store, 'converse');
    expect(await textsOf(first, ['v1.0.0:a'])).toEqual(['one\n']);
    expect(await ask(subject, 'v1.0.0:b')).toEqual(['two\n']);
    expect(await textsOf(first, ['v1.0.0:d/c'])).toEqual(['three\n']);
    await first.close();
    await ask(subject, 'v1.0.0:a');
    expect(calls).toEqual(['openObjects', 'openObjects']);
  });

  test('goes on with a question whose asker stopped listening once it was answered', async () => {
    const subject = open();
    const { git, store, calls } = subject;
    const reader = git.openObjects(store, 'converse');
    for await (const parts of reader.read(['v1.0.0:a'])) {
      if (parts.some(({ kind }) => kind === 'end')) break;
    }
    await reader.close();
    expect(await ask(subject, 'v1.0.0:b')).toEqual(['two\n']);
    expect(calls).toEqual(['openObjects']);
  });

  test('begins again after an answer that nobody heard to its end', async () => {
    const subject = open();
    const { git, repository, store, calls } = subject;
    const large = repository.blob('x'.repeat(8 * 1024 * 1024));
    const reader = git.openObjects(store, 'converse');
    for await (const parts of reader.read([large])) {
      expect(parts.length).toBeGreaterThan(0);
      break;
    }
    await reader.close();
    expect(await ask(subject, 'v1.0.0:b')).toEqual(['two\n']);
    expect(calls).toEqual(['openObjects', 'openObjects']);
  });

  test('leaves a long list to a git that buffers its output', async () => {
    const subject = open();
    const names = Array.from({ length: 1000 }, () => 'v1.0.0:a');
    await ask(subject, 'v1.0.0:b');
    expect(new Set(await ask(subject, ...names))).toEqual(new Set(['one\n']));
    await ask(subject, 'v1.0.0:b');
    expect(subject.calls).toEqual(['openObjects', 'openObjects']);
  });

  test('reads another store through a process of its own', async () => {
    const subject = open();
    const other = makeRepository({ 'v1.0.0': { a: 'other\n' } });
    await ask(subject, 'v1.0.0:a');
    expect(await ask({ ...subject, store: other.path }, 'v1.0.0:a')).toEqual(['other\n']);
    expect(await ask(subject, 'v1.0.0:a')).toEqual(['one\n']);
  });

  test('that is interrupted says so to whoever asks next, and to nobody else', async () => {
    const { git, store, close } = open();
    const interruption = new AbortController();
    const { signal } = interruption;
    const reader = git.openObjects(store, 'converse', signal);
    await textsOf(reader, ['v1.0.0:a']);
    await reader.close();
    interruption.abort();
    await expect(ask({ git, store } as Subject, 'v1.0.0:a')).rejects.toMatchObject({
      code: 'E_INTERRUPTED',
    });
    await close();
  });

  test('starts nothing for whoever asks nothing', async () => {
    const { git, store, close, calls } = open();
    await git.openObjects(store, 'converse').close();
    await close();
    expect(calls).toEqual([]);
  });
});

describe('a ref with a known name is looked up as git lists it', () => {
  const refs: Readonly<Record<string, (repository: TestRepository) => string>> = {
    'a tag object': () => 'refs/tags/v1.0.0',
    'a commit': (repository) => named(repository, 'v1.0.0^{commit}'),
    'a tag of a tag': (repository) => {
      repository.annotate('nested', repository.git('rev-parse', 'v1.0.0'));
      return 'refs/tags/nested';
    },
    'a tag of a tree': (repository) => {
      repository.annotate('tree', repository.git('rev-parse', 'v1.0.0^{tree}'));
      return 'refs/tags/tree';
    },
    'a tree': (repository) => named(repository, 'v1.0.0^{tree}'),
    'a file': (repository) => named(repository, 'v1.0.0:a'),
    'a commit with a long message': (repository) => {
      const tree = repository.git('rev-parse', 'v1.0.0^{tree}');
      return named(repository, repository.git('commit-tree', tree, '-m', 'x'.repeat(100_000)));
    },
    'a ref that does not exist': () => 'refs/tags/absent',
  };

  function named(repository: TestRepository, revision: string): string {
    repository.tag('named', repository.git('rev-parse', revision));
    return 'refs/tags/named';
  }

  test.each(Object.entries(refs))('%s', async (_name, make) => {
    const { git, plain, repository, store, calls } = open();
    const name = make(repository);
    expect(await git.refs(store, name)).toEqual(await plain.refs(store, name));
    expect(await git.refs(store, name)).toEqual(await plain.refs(store, name));
    expect(calls).not.toContain('refs');
  });

  test('and those below a prefix are listed by git', async () => {
    const { git, plain, store, calls } = open();
    expect(await git.refs(store, 'refs/tags/')).toEqual(await plain.refs(store, 'refs/tags/'));
    expect(calls).toEqual(['refs']);
  });
});
