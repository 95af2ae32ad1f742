import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseYaml } from '../../core/bounded-yaml.ts';
import { documentLimits } from '../../core/document.ts';
import { InstallError } from '../../core/errors.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { readBounded } from '../../platform/files/read-bounded.ts';
import { member } from '../documents/members.ts';
import { attempt, type Report } from './attempt.ts';
import { fullCommit, readRepository } from './git-repository.ts';
import { staysInside } from './pack-place.ts';

/** Which release a project has agreed on (docs/protocol.md#the-pin). */
export interface Pin {
  /** An address, or the absolute path of a repository on this machine. */
  readonly repository: string;
  readonly commit: string;
}

export const pinPath = 'identity/PROTOCOL_PIN.yaml';

/** The pin of a root; undefined without one, or for an incomplete one, which is reported. */
export function readPin(fs: ReadFileSystem, root: string, report: Report): Pin | undefined {
  const path = join(root, pinPath);
  const kind = fs.stat(path)?.kind;
  if (kind === undefined) return undefined;
  if (kind !== 'file') {
    const message = `${path} is not a regular file (${kind}).`;
    report({ code: 'PIN_INVALID', path, message, severity: 'warn' });
    return undefined;
  }
  const pin = staysInside(fs, root, dirname(pinPath))
    ? parsePin(readBounded(fs, path, documentLimits.bytes), path, root)
    : `${path} lies outside its root: a link leads there.`;
  if (typeof pin !== 'string') return pin;
  report({ code: 'PIN_INVALID', path, message: pin, severity: 'warn' });
  return undefined;
}

/** The pin, or what is wrong with it. */
function parsePin(bytes: Uint8Array | undefined, path: string, root: string): Pin | string {
  if (bytes === undefined) return `${path} is larger than any document may be.`;
  try {
    const document = parseYaml(bytes, { path });
    const repository = member(document, 'protocol_repo');
    const commit = member(document, 'pinned_commit');
    if (typeof repository !== 'string' || typeof commit !== 'string' || !fullCommit.test(commit)) {
      return `${path} needs protocol_repo and pinned_commit, a full commit id.`;
    }
    return { repository: isAddress(repository) ? repository : resolve(root, repository), commit };
  } catch (error) {
    if (!(error instanceof InstallError) || error.code !== 'E_DOCUMENT_INVALID') throw error;
    return error.message;
  }
}

/** `https://…`, `git@host:path`; everything else is a path. */
function isAddress(text: string): boolean {
  return !isAbsolute(text) && (/^[a-z][a-z0-9+.-]+:\/\//i.test(text) || /^[^/\s]+:/.test(text));
}

/** How a root relates to a pin. */
export type PinStanding = 'pinned' | 'other-commit' | 'other-repository';

/** A root is pinned when it is the named repository, or a clone of it, and is at that commit. */
export function standingOf(fs: ReadFileSystem, root: string, pin: Pin): PinStanding {
  const repository = quietly(root, () => readRepository(fs, root));
  const isNamed =
    repository !== undefined &&
    (samePlace(fs, root, pin.repository) ||
      repository.remotes.some((remote) => plainAddress(remote) === plainAddress(pin.repository)));
  if (!isNamed) return 'other-repository';
  return repository.head === pin.commit ? 'pinned' : 'other-commit';
}

function samePlace(fs: ReadFileSystem, root: string, repository: string): boolean {
  if (!isAbsolute(repository)) return false;
  const isRoot = (): boolean =>
    fs.stat(repository) !== undefined && fs.realPath(repository) === root;
  return quietly(repository, isRoot) ?? false;
}

/** A repository that cannot be read cannot be the one that the pin names; that is not an error. */
function quietly<T>(path: string, look: () => T): T | undefined {
  return attempt(() => undefined, 'ROOT_UNREADABLE', path, look);
}

/** Forms of the same address: with or without `.git` or a slash at the end, `git@host:path`. */
function plainAddress(address: string): string {
  return address
    .replace(/^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?/i, '')
    .replace(/^[^@/]*@([^:/]+):/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}
