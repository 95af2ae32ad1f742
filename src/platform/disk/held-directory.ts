import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { namesBetween } from './checked-directory.ts';
import { systemError } from '../system-error.ts';

/** open(2)'s O_PATH, which node does not export: it needs no permission to read the directory. */
const O_PATH = 0o10000000;

interface HeldDirectory {
  readonly directory: string;
  /** Leads to the opened directory, whatever has its name now. */
  readonly descriptorPath: string;
}

/** Innermost last. One list for the process, because there is one disk. */
const held: HeldDirectory[] = [];

let canHold: boolean | undefined;

/** Whether `inHeldDirectory` works here: on Linux with a real /proc mounted. */
export function canHoldDirectories(): boolean {
  canHold ??= descriptorsLeadBack();
  return canHold;
}

function descriptorsLeadBack(): boolean {
  if (process.platform !== 'linux') return false;
  const descriptor = openDirectory('/', '/');
  try {
    const [own, shown] = [fstatSync(descriptor), statSync(`${pathOf(descriptor)}/.`)];
    return own.ino === shown.ino && own.dev === shown.dev;
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Runs `act` while names in `directory` are looked up in the directory that was opened here,
 * component by component without following links, and not by its path. Node has no openat(2): a
 * name is looked up below `/proc/self/fd/<n>` instead, which is equivalent.
 *
 * @throws ENOTDIR naming the component that is a link or not a directory; ENOENT, EACCES, EMFILE
 */
export function inHeldDirectory<T>(root: string, directory: string, act: () => T): T {
  const descriptor = openWay(root, directory);
  held.push({ directory, descriptorPath: pathOf(descriptor) });
  try {
    return act();
  } finally {
    held.pop();
    closeSync(descriptor);
  }
}

/** The same call, with names in held directories looked up there. */
export function heeding<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    if (held.length === 0) return call(...args);
    const reached = args.map((arg) => (typeof arg === 'string' ? reachedPath(arg) : arg));
    try {
      return call(...(reached as unknown as Args));
    } catch (error) {
      throw withGivenPath(error, reached, args);
    }
  };
}

function openWay(root: string, directory: string): number {
  let descriptor = openDirectory(root, root);
  let shown = root;
  for (const name of namesBetween(root, directory)) {
    const above = descriptor;
    shown = `${shown}/${name}`;
    try {
      descriptor = openDirectory(`${pathOf(above)}/${name}`, shown);
    } finally {
      closeSync(above);
    }
  }
  return descriptor;
}

function openDirectory(path: string, shown: string): number {
  try {
    return openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const errno = errnoOf(error) ?? 'EIO';
    throw systemError(errno, errno === 'ENOTDIR' ? 'not a directory' : errno, 'open', shown);
  }
}

function pathOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

function reachedPath(path: string): string {
  for (const { directory, descriptorPath } of held.toReversed()) {
    // With the dot it is the directory itself, and not the link to it that /proc shows.
    if (path === directory) return `${descriptorPath}/.`;
    if (dirname(path) === directory) return `${descriptorPath}/${basename(path)}`;
  }
  return path;
}

/** Replaces the path through /proc in a system error by the path that was given. */
function withGivenPath(
  error: unknown,
  reached: readonly unknown[],
  given: readonly unknown[],
): unknown {
  if (!(error instanceof Error)) return error;
  for (const [index, way] of reached.entries()) {
    const path = given[index];
    if (typeof way !== 'string' || typeof path !== 'string' || way === path) continue;
    error.message = error.message.replaceAll(`'${way}'`, `'${path}'`);
    for (const key of ['path', 'dest'] as const) {
      if (Reflect.get(error, key) === way) Reflect.set(error, key, path);
    }
  }
  return error;
}
