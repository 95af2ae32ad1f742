import { dirname, isAbsolute, join, resolve } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { attempt, type Report } from './attempt.ts';

/** A place where identities are searched. */
export interface Root {
  /** Absolute, links resolved. */
  readonly path: string;
  /** Whether it belongs to the project: only such a root may pin. */
  readonly ofProject: boolean;
  /** Whether the request names it: an empty one is then reported. */
  readonly requested: boolean;
}

export interface RootsRequest {
  /** Absolute. */
  readonly cwd: string;
  /** Absolute. */
  readonly extraRoots: readonly string[];
  /** Searched last, if they exist: the identity home. */
  readonly furtherRoots: readonly string[];
  readonly parentRoots: boolean;
  /** User id of the caller; undefined where the platform has none. */
  readonly uid: number | undefined;
}

/** A project keeps its own identity home here (docs/protocol.md#homes-and-scopes). */
const projectHome = join('.agents', 'identity');

/**
 * The roots of one working directory, nearest first, each once whatever names lead to it: the
 * directory itself, the parent repositories on request, then the extra ones. If a project has an
 * identity home of its own, what is installed there takes precedence over what the project ships.
 */
export function rootsOf(fs: ReadFileSystem, request: RootsRequest, report: Report): Root[] {
  const roots = new Map<string, Root>();
  const add = (path: string | undefined, kind: Omit<Root, 'path'>): void => {
    if (path !== undefined && !roots.has(path)) roots.set(path, { path, ...kind });
  };
  const addProject = (path: string): void => {
    const home = join(path, projectHome);
    const there = attempt(report, 'ROOT_UNREADABLE', home, () => fs.stat(home));
    if (there !== undefined) {
      const kind = { ofProject: true, requested: false };
      add(resolveRoot(fs, home, report), kind);
    }
    add(path, { ofProject: true, requested: false });
  };
  const cwd = resolveRoot(fs, request.cwd, report);
  if (cwd !== undefined) {
    addProject(cwd);
    if (request.parentRoots) {
      for (const parent of parentRepositories(fs, cwd, request.uid, report)) addProject(parent);
    }
  }
  for (const root of request.extraRoots) {
    add(resolveRoot(fs, root, report), { ofProject: false, requested: true });
  }
  for (const root of request.furtherRoots) {
    const there = attempt(report, 'ROOT_UNREADABLE', root, () => fs.stat(root));
    if (there === undefined) continue;
    add(resolveRoot(fs, root, report), { ofProject: false, requested: false });
  }
  return [...roots.values()];
}

/** The given path as an absolute one. */
export function absolute(workingDirectory: string, path: string): string {
  return isAbsolute(path) ? path : resolve(workingDirectory, path);
}

function resolveRoot(fs: ReadFileSystem, path: string, report: Report): string | undefined {
  return attempt(report, 'ROOT_UNREADABLE', path, () => {
    const real = realPathOf(fs, path);
    if (real !== undefined && fs.stat(real)?.kind === 'directory') return real;
    const message = `${path} is not a directory.`;
    report({ code: 'ROOT_NOT_FOUND', path, message, severity: 'error' });
    return undefined;
  });
}

function realPathOf(fs: ReadFileSystem, path: string): string | undefined {
  try {
    return fs.realPath(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

/**
 * Every directory above that holds a `.git`. One that belongs to another user is left out, as in
 * git itself: other users who may write to a directory above must not choose what an agent becomes.
 */
function parentRepositories(
  fs: ReadFileSystem,
  cwd: string,
  uid: number | undefined,
  report: Report,
): string[] {
  const found: string[] = [];
  for (let at = dirname(cwd); ; at = dirname(at)) {
    const git = join(at, '.git');
    const isRepository = attempt(report, 'ROOT_UNREADABLE', git, () => fs.stat(git)) !== undefined;
    const owner = isRepository ? fs.stat(at)?.uid : undefined;
    if (isRepository && uid !== undefined && owner !== uid && owner !== 0) {
      const message = `${at} belongs to another user (uid ${owner ?? 'unknown'}) and is left out.`;
      report({ code: 'ROOT_FOREIGN', path: at, message, severity: 'warn' });
    } else if (isRepository) {
      found.push(at);
    }
    if (at === dirname(at)) return found;
  }
}
