import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  commitContent,
  readObject,
  tagContent,
  treeContent,
  writeBareRepository,
  writeObject,
  writeRef,
  writeTree,
  type ObjectType,
  type RawTreeEntry,
} from './git-objects.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type { RawTreeEntry } from './git-objects.ts';

export type RepositoryFile =
  string | Buffer | { readonly content: string; readonly executable: true };
export type RepositoryFiles = Readonly<Record<string, RepositoryFile>>;

/** A bare repository in a temporary directory, for tests. */
export interface TestRepository {
  readonly path: string;
  readonly git: (...args: string[]) => string;
  /** A commit without parents, reachable from nothing. */
  commit(files: RepositoryFiles): string;
  /** A commit of any tree. */
  commitTree(tree: string): string;
  readonly blob: (content: string | Buffer) => string;
  /** A tree object of exactly these entries, in this order, however wrong. */
  readonly rawTree: (entries: readonly RawTreeEntry[]) => string;
  /** Creates or moves a lightweight tag. */
  tag(name: string, oid: string): void;
  /** Creates or moves an annotated tag; @returns the tag object */
  annotate(name: string, oid: string): string;
}

/** A repository with one annotated tag a release, in a directory that the test need not name. */
export function makeRepository(
  releases: Readonly<Record<string, RepositoryFiles>> = {},
  parent = temporaryDirectory(),
): TestRepository {
  const path = join(parent, 'source.git');
  writeBareRepository(path);
  const repository = openRepository(path);
  for (const [tag, files] of Object.entries(releases)) {
    repository.annotate(tag, repository.commit(files));
  }
  return repository;
}

/** An existing repository, to look into. */
export function openRepository(path: string): TestRepository {
  const types = new Map<string, ObjectType>();
  const write = (type: ObjectType, content: Uint8Array): string => {
    const oid = writeObject(path, type, content);
    types.set(oid, type);
    return oid;
  };
  const git = (...args: string[]): string => run(path, args).toString().trim();
  const tag = (name: string, oid: string): void => writeRef(path, `refs/tags/${name}`, oid);
  return {
    path,
    git,
    commit(files) {
      const all = Object.entries(files).map(([name, file]) => {
        const executable = typeof file === 'object' && 'executable' in file;
        const content = Buffer.from(executable ? file.content : file);
        return { path: name, mode: executable ? '100755' : '100644', content } as const;
      });
      return write('commit', commitContent(writeTree(path, all), 'release'));
    },
    commitTree: (tree) => write('commit', commitContent(tree, 'hostile')),
    blob: (content) => write('blob', Buffer.from(content)),
    rawTree: (entries) => write('tree', treeContent(entries)),
    tag,
    annotate(name, oid) {
      const type =
        types.get(oid) ?? readObject(path, oid)?.type ?? (git('cat-file', '-t', oid) as ObjectType);
      const object = write('tag', tagContent(name, oid, type));
      tag(name, object);
      return object;
    },
  };
}

const identity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.invalid',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.invalid',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

function run(directory: string, args: readonly string[]): Buffer {
  const { PATH } = process.env;
  return execFileSync('git', [...args], {
    env: {
      PATH,
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_DIR: directory,
      ...identity,
    },
    input: '',
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
}
