/** Sources on this machine: what is at a path, and whether it may be used. */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { Environment } from '../platform/environment.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import type { Source } from './source.ts';

interface LocalOptions {
  readonly fs: ReadFileSystem;
  readonly environment: Environment;
}

export const catalogPath = 'identity/catalog/identities.yaml';
/** A directory with one of these at its top is a pack. */
export const packMarkers = ['IDENTITY_PROMPT.md', 'CURRENT_TASK.json', 'META.yaml'] as const;

const bundleHeader = /^# v[23] git bundle\n/;

/**
 * The absolute path that the text names; undefined if it is not written as a path and nothing
 * exists there.
 */
export function localPath(text: string, { fs, environment }: LocalOptions): string | undefined {
  if (text === '~' || text.startsWith('~/')) {
    if (environment.homeDirectory === undefined) {
      throw new InstallError('E_SOURCE_INVALID', `There is no home directory for ${text}`, {
        remedy: 'Give the whole path.',
      });
    }
    return join(environment.homeDirectory, text.slice(2));
  }
  const path = resolve(environment.workingDirectory, text);
  const written = isAbsolute(text) || /^\.{1,2}([\\/]|$)/.test(text);
  return written || fs.stat(path) !== undefined ? path : undefined;
}

/**
 * @param path absolute; links on the way are followed, because the user typed them
 * @throws E_SOURCE_INVALID, E_SOURCE_FOREIGN, E_SOURCE_NOT_PROTOCOL, E_SOURCE_UNREACHABLE
 */
export function localSource(path: string, options: LocalOptions): Source {
  try {
    return sourceAt(path, options);
  } catch (error) {
    throw unreadableSource(path, error);
  }
}

/** Translates a failed system call into an error about the source that is read. */
export function unreadableSource(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof InstallError || errno === undefined) return error;
  const options = { details: { path, errno }, cause: error };
  switch (errno) {
    case 'ENOENT':
    case 'ELOOP':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return new InstallError(
        'E_SOURCE_INVALID',
        `The source ${printable(path)} leads nowhere (${errno}).`,
        { ...options, remedy: 'Check the path, and where its links lead.' },
      );
    case 'EACCES':
    case 'EPERM':
      return new InstallError(
        'E_SOURCE_UNREACHABLE',
        `The source ${printable(path)} may not be read (${errno}).`,
        { ...options, remedy: 'Check who owns it and what its permissions are.' },
      );
    default:
      return error;
  }
}

function sourceAt(path: string, options: LocalOptions): Source {
  const { fs } = options;
  if (fs.stat(path) === undefined) {
    throw new InstallError('E_SOURCE_INVALID', `There is nothing at ${printable(path)}`, {
      remedy: 'Check the path; relative ones start at the working directory.',
      details: { path },
    });
  }
  const real = fs.realPath(path);
  const kind = fs.stat(real)?.kind;
  if (kind === 'file') return fileSource(real, fs);
  if (kind === 'directory') return directorySource(real, options);
  throw notProtocol(real, 'it is neither a file nor a directory');
}

function fileSource(path: string, fs: ReadFileSystem): Source {
  if (/\.(tar\.gz|tgz)$/i.test(path)) return { kind: 'archive', url: path };
  for (const chunk of fs.readChunks(path)) {
    const start = Buffer.from(chunk.subarray(0, 16)).toString('latin1');
    if (bundleHeader.test(start)) return { kind: 'bundle', url: path };
    break;
  }
  throw notProtocol(path, 'it is neither a git bundle nor a .tar.gz');
}

function directorySource(path: string, options: LocalOptions): Source {
  const { fs } = options;
  const repository = gitDirectories(path, fs);
  if (repository !== undefined) {
    for (const directory of repository) refuseForeign(directory, options);
    // A path ending in `.git` is the same repository as the work tree around it.
    const url = basename(path) === '.git' ? dirname(path) : path;
    return { kind: 'repository', url };
  }
  if (fs.stat(join(path, catalogPath)) !== undefined) {
    return { kind: 'directory', url: path, form: 'protocol' };
  }
  if (packMarkers.some((name) => fs.stat(join(path, name)) !== undefined)) {
    return { kind: 'directory', url: path, form: 'pack' };
  }
  throw notProtocol(path, `it holds neither a repository, nor ${catalogPath}, nor a pack`);
}

/** The directories that git would read settings and objects from; undefined if there are none. */
function gitDirectories(path: string, fs: ReadFileSystem): string[] | undefined {
  if (isGitDirectory(path, fs)) return [path];
  const inner = join(path, '.git');
  const stat = fs.stat(inner);
  if (stat?.kind === 'directory' && isGitDirectory(inner, fs)) return [path, inner];
  if (stat?.kind === 'link') {
    const real = fs.realPath(inner);
    return isGitDirectory(real, fs) ? [path, real] : undefined;
  }
  if (stat?.kind !== 'file' || stat.size > 8192) return undefined;
  const target = /^gitdir: (.+?)\r?\n?$/.exec(fs.read(inner).toString('utf8'))?.[1];
  if (target === undefined) return undefined;
  const directory = resolve(path, target);
  return fs.stat(directory) === undefined ? undefined : [path, inner, directory];
}

function isGitDirectory(path: string, fs: ReadFileSystem): boolean {
  return (
    fs.stat(join(path, 'HEAD')) !== undefined &&
    fs.stat(join(path, 'objects'))?.kind === 'directory' &&
    fs.stat(join(path, 'refs'))?.kind === 'directory'
  );
}

/** Before version 2.45, git's own safe.directory does not cover the reading side of a fetch. */
function refuseForeign(path: string, { fs, environment }: LocalOptions): void {
  const stat = fs.stat(path);
  if (environment.uid === undefined || stat === undefined || stat.uid === environment.uid) return;
  throw new InstallError(
    'E_SOURCE_FOREIGN',
    `The repository belongs to user ${stat.uid}, not to you: ${printable(path)}`,
    {
      remedy:
        'Its settings could run programs as you. Ask its owner for a bundle (`git bundle create releases.bundle --tags`) and use that.',
      details: { path, owner: stat.uid, user: environment.uid },
    },
  );
}

function notProtocol(path: string, why: string): InstallError {
  return new InstallError(
    'E_SOURCE_NOT_PROTOCOL',
    `${printable(path)} cannot be used as a source: ${why}.`,
    {
      remedy:
        'Give a protocol repository, a git bundle, a directory with a catalog or a pack, or a .tar.gz of one.',
      details: { path },
    },
  );
}
