import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryDirectory } from './temporary-directory.ts';

export type RepositoryFile =
  string | Buffer | { readonly content: string; readonly executable: true };
export type RepositoryFiles = Readonly<Record<string, RepositoryFile>>;

export interface RawTreeEntry {
  /** As the tree object spells it: `100644`, `40000`, `100664`. */
  readonly mode: string;
  readonly name: string | Buffer;
  readonly oid: string;
}

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

const identity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.invalid',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.invalid',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

/** A repository with one annotated tag a release, in a directory that the test need not name. */
export function makeRepository(
  releases: Readonly<Record<string, RepositoryFiles>> = {},
  parent = temporaryDirectory(),
): TestRepository {
  const path = join(parent, 'source.git');
  run(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', path]);
  const repository = openRepository(path);
  for (const [tag, files] of Object.entries(releases)) {
    repository.annotate(tag, repository.commit(files));
  }
  return repository;
}

/** An existing repository, to look into. */
export function openRepository(path: string): TestRepository {
  const git = (...args: string[]): string => run(args, { directory: path }).toString().trim();
  const repository: TestRepository = {
    path,
    git,
    commit: (files) => fastImport(path, files),
    commitTree: (tree) => git('commit-tree', '-m', 'hostile', tree),
    blob: (content) =>
      run(['hash-object', '-w', '--stdin'], { directory: path, input: Buffer.from(content) })
        .toString()
        .trim(),
    rawTree(entries) {
      const input = Buffer.concat(
        entries.flatMap(({ mode, name, oid }) => [
          Buffer.from(`${mode} `),
          Buffer.from(name),
          Buffer.from([0]),
          Buffer.from(oid, 'hex'),
        ]),
      );
      const args = ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'];
      return run(args, { directory: path, input }).toString().trim();
    },
    tag: (name, oid) => void git('update-ref', `refs/tags/${name}`, oid),
    annotate(name, oid) {
      git('tag', '--force', '--annotate', '--message', name, '--', name, oid);
      return git('rev-parse', `refs/tags/${name}`);
    },
  };
  return repository;
}

function fastImport(path: string, files: RepositoryFiles): string {
  const lines: Buffer[] = [
    Buffer.from('commit refs/scratch\ncommitter Test <test@example.invalid> 1700000000 +0000\n'),
    Buffer.from('data 8\nrelease\n\n'),
  ];
  for (const [name, file] of Object.entries(files)) {
    const executable = typeof file === 'object' && 'executable' in file;
    const content = Buffer.from(executable ? file.content : file);
    lines.push(
      Buffer.from(`M ${executable ? '100755' : '100644'} inline "${name}"\n`),
      Buffer.from(`data ${content.length}\n`),
      content,
      Buffer.from('\n'),
    );
  }
  lines.push(Buffer.from('done\n'));
  run(['fast-import', '--quiet', '--force', '--done'], {
    directory: path,
    input: Buffer.concat(lines),
  });
  const commit = run(['rev-parse', 'refs/scratch'], { directory: path }).toString().trim();
  run(['update-ref', '-d', 'refs/scratch'], { directory: path });
  return commit;
}

function run(
  args: readonly string[],
  options: { directory?: string; input?: Buffer } = {},
): Buffer {
  const { PATH } = process.env;
  const environment = { PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...identity };
  return execFileSync('git', [...args], {
    env:
      options.directory === undefined
        ? environment
        : { ...environment, GIT_DIR: options.directory },
    input: options.input ?? '',
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
}
