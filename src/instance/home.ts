import { basename, dirname, join } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { steps, type Remedy } from '../core/remedy.ts';
import type { Environment } from '../platform/environment.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { strayFrom } from '../platform/files/working-tree.ts';
import { isFileSystemRoot, isInside } from '../core/containment.ts';
import { chooseHome, type ChosenHome, type HomeScope } from './home-choice.ts';

export interface Home {
  /** Absolute, every link resolved; need not exist. */
  readonly path: string;
  readonly scope: ChosenHome['scope'];
  /** Where the path comes from, for messages: `--home`, `IDENTITY_HOME`, a file, a default. */
  readonly origin: string;
}

export interface HomeRequest {
  readonly fs: ReadFileSystem;
  readonly environment: Environment;
  /** `--home`, relative to the working directory. */
  readonly home?: string;
  /** `--scope`. */
  readonly scope?: HomeScope;
  /** The user insists on a home inside a protocol repository's own `identity/` tree. */
  readonly allowProtocolTree?: boolean;
}

/**
 * The identity home of this run, in the order of docs/protocol.md#homes-and-scopes. Reads only;
 * links on the way are resolved here, once, and everything later uses the resolved path.
 *
 * @throws InstallError E_HOME_UNSAFE (a file, a dangling link, nothing to choose), E_HOME_FOREIGN,
 *   E_TARGET_PROTECTED
 */
export function resolveHome(request: HomeRequest): Home {
  const chosen = chooseHome(request);
  try {
    return checkedHome(request, chosen);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno !== 'EACCES' && errno !== 'EPERM' && errno !== 'ENAMETOOLONG') throw cause;
    throw new InstallError('E_HOME_UNSAFE', `${chosen.path} cannot be read (${errno}).`, {
      remedy: steps('Check the path and its permissions.', {
        kind: 'option',
        option: 'home',
        to: 'use another home',
      }),
      details: { path: chosen.path, errno },
      cause,
    });
  }
}

function checkedHome(request: HomeRequest, chosen: ChosenHome): Home {
  const { fs, environment } = request;
  const { path, existing } = realHome(fs, chosen.path);
  refuseProtected(request, chosen.path, path);
  // Before anything inside is read, which its owner may not allow.
  refuseForeign(fs, environment, path, existing);
  refuseProtocolTree(request, path);
  if (chosen.within !== undefined) refuseLedOut(fs, chosen, path);
  return { path, scope: chosen.scope, origin: chosen.origin };
}

/**
 * A link that came with the repository must not lead to a home elsewhere, or in a git directory.
 */
function refuseLedOut(
  fs: ReadFileSystem,
  { path: chosenPath, within = chosenPath }: ChosenHome,
  path: string,
): void {
  const repository = realHome(fs, within).path;
  const isOut = !isInside(path, repository);
  if (!isOut && strayFrom(fs, repository, path) === undefined) return;
  throw new InstallError(
    'E_HOME_UNSAFE',
    `${chosenPath} leads ${isOut ? 'out of its repository' : 'into a git directory'}, to ${path}.`,
    {
      // The advice must not suggest a git directory either.
      remedy: isOut
        ? {
            kind: 'option',
            option: 'home',
            value: path,
            to: 'use that directory, if it is where the home should be',
          }
        : { kind: 'option', option: 'home', to: 'use another home' },
      details: { path },
    },
  );
}

/** Resolves links in the part of the path that exists; `existing` is the deepest existing part. */
function realHome(fs: ReadFileSystem, path: string): { path: string; existing: string } {
  let existing = path;
  const missing: string[] = [];
  while (fs.stat(existing) === undefined && existing !== dirname(existing)) {
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  let real: string;
  try {
    real = fs.realPath(existing);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno !== 'ENOENT' && errno !== 'ELOOP' && errno !== 'ENOTDIR') throw cause;
    throw new InstallError('E_HOME_UNSAFE', `${existing} is a link that leads nowhere.`, {
      remedy: steps('Repair the link.', { kind: 'option', option: 'home', to: 'use another home' }),
      details: { path: existing },
      cause,
    });
  }
  if (fs.stat(real)?.kind !== 'directory') {
    throw new InstallError('E_HOME_UNSAFE', `${existing} is not a directory.`, {
      remedy: steps(
        { kind: 'option', option: 'home', to: 'use a directory' },
        'The directory is created if it does not exist.',
      ),
      details: { path: existing },
    });
  }
  return { path: join(real, ...missing), existing: real };
}

function refuseProtected({ fs, environment }: HomeRequest, chosen: string, path: string): void {
  const choose: Remedy = { kind: 'option', option: 'home', to: 'use a directory of its own' };
  if (isFileSystemRoot(path)) throw protectedPlace(path, 'it is the root of a file system', choose);
  const user = environment.homeDirectory;
  const users = user === undefined ? [] : [user, fs.stat(user) ? fs.realPath(user) : user];
  if (users.includes(path) || users.includes(chosen)) {
    throw protectedPlace(path, 'it is the home directory of the user', choose);
  }
}

function refuseProtocolTree({ fs, allowProtocolTree }: HomeRequest, path: string): void {
  if (allowProtocolTree === true) return;
  const repository = protocolRepositoryOf(fs, path);
  if (repository === undefined) return;
  throw protectedPlace(
    path,
    `it belongs to the protocol repository ${repository}`,
    steps('Instances must be kept apart from the protocol.', {
      kind: 'option',
      option: 'home',
      to: 'use another home',
    }),
  );
}

function protectedPlace(path: string, why: string, remedy: Remedy): InstallError {
  return new InstallError('E_TARGET_PROTECTED', `${path} cannot be an identity home: ${why}.`, {
    remedy,
    details: { path },
  });
}

/**
 * The protocol repository that the path is, or in whose `identity/` tree it lies. A home elsewhere
 * in such a repository (`.agents/identity`) is the user's choice.
 */
function protocolRepositoryOf(fs: ReadFileSystem, path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const tree = join(at, 'identity');
    if (
      (at === path || isInside(path, tree)) &&
      fs.stat(join(tree, 'catalog', 'identities.yaml')) !== undefined &&
      fs.stat(join(tree, 'protocol')) !== undefined
    ) {
      return at;
    }
    if (at === dirname(at)) return undefined;
  }
}

/**
 * An existing home must be the caller's own. A new one may be created below a directory of the
 * caller or of the system (uid 0, such as `/tmp` or `/srv`), but not inside the directory of
 * another user: root would leave files there that their owner cannot touch.
 */
function refuseForeign(
  fs: ReadFileSystem,
  environment: Environment,
  path: string,
  existing: string,
): void {
  const { uid } = environment;
  const owner = fs.stat(existing)?.uid;
  if (uid === undefined || owner === undefined || owner === uid) return;
  if (existing !== path && owner === 0) return;
  throw new InstallError('E_HOME_FOREIGN', `${existing} belongs to another user (uid ${owner}).`, {
    remedy: steps('Run this as the user that owns the home.', {
      kind: 'option',
      option: 'home',
      to: 'use another home',
    }),
    details: { path: existing, owner, uid },
  });
}
