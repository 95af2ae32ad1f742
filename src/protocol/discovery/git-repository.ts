import { join, resolve } from 'node:path';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readBounded } from '../../platform/files/read-bounded.ts';

/** What git's own files say about a working directory. */
export interface Repository {
  /** The commit that is checked out; undefined if it cannot be determined. */
  readonly head: string | undefined;
  /** The addresses of its remotes, as they are written. */
  readonly remotes: readonly string[];
}

export const fullCommit = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * The repository whose working directory this is; undefined if it is not one. Git's files are read
 * and git is not run: the repository may have settings that start programs.
 */
export function readRepository(fs: ReadFileSystem, root: string): Repository | undefined {
  const git = gitDirectory(fs, root);
  if (git === undefined) return undefined;
  // A worktree has a HEAD of its own, and shares branches and settings with the others.
  const common = resolve(git, smallText(fs, join(git, 'commondir'))?.trim() ?? '');
  return {
    head: headCommit(fs, git, common),
    remotes: remotesIn(smallText(fs, join(common, 'config')) ?? ''),
  };
}

/** `.git`, or the directory that a worktree or a submodule names in a file of that name. */
function gitDirectory(fs: ReadFileSystem, root: string): string | undefined {
  const git = join(root, '.git');
  const kind = fs.stat(git)?.kind;
  if (kind === 'directory') return git;
  if (kind === 'link') return fs.realPath(git);
  const [, elsewhere] = /^gitdir: ([^\r\n]+)[\r\n]*$/.exec(smallText(fs, git) ?? '') ?? [];
  return elsewhere === undefined ? undefined : resolve(root, elsewhere);
}

/** The commit that is checked out: detached, on a branch, or on a branch that git packed away. */
function headCommit(fs: ReadFileSystem, git: string, common: string): string | undefined {
  const head = smallText(fs, join(git, 'HEAD'))?.trim() ?? '';
  const [, branch] = /^ref: (refs\/[^\s\\]+)$/.exec(head) ?? [];
  if (branch === undefined) return fullCommit.test(head) ? head : undefined;
  if (branch.split('/').includes('..')) return undefined;
  const loose = smallText(fs, join(common, ...branch.split('/')))?.trim();
  if (loose !== undefined) return fullCommit.test(loose) ? loose : undefined;
  const packed = smallText(fs, join(common, 'packed-refs')) ?? '';
  return packed
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, name]) => name === branch)?.[0];
}

/** The `url` of each `[remote …]`; submodules and rewritten addresses do not count. */
function remotesIn(config: string): string[] {
  let inRemote = false;
  return config.split('\n').flatMap((line) => {
    const [, section] = /^\s*\[\s*([^\s\]"]+)/.exec(line) ?? [];
    if (section !== undefined) inRemote = section.toLowerCase() === 'remote';
    const [, url] = /^\s*url\s*=\s*(\S+)\s*$/i.exec(line) ?? [];
    return inRemote && url !== undefined ? [url] : [];
  });
}

function smallText(fs: ReadFileSystem, path: string): string | undefined {
  if (fs.stat(path)?.kind !== 'file') return undefined;
  return readBounded(fs, path, 4 * 1024 * 1024)?.toString('utf8');
}
