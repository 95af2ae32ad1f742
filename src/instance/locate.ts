import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { packMarkers } from '../core/pack-places.ts';
import { isPlainPath } from '../core/plain-path.ts';
import type { Remedy } from '../core/remedy.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { isInside } from '../core/containment.ts';
import { homeLayout } from './layout.ts';
import { refuseStray } from './trust.ts';

export interface InstancePlace {
  /** Absolute. */
  readonly path: string;
  readonly exists: boolean;
  /** Which rule found it: the program's own place, one of older tools, the local catalog. */
  readonly place: 'instances' | 'legacy' | 'catalog';
}

/**
 * Where the instance of an identity is, or would be created
 * (docs/evidence-format.md#where-an-instance-is). A `pack_path` in the local catalog wins.
 * Otherwise a directory below `instances/` counts as soon as it exists, and a legacy place only if
 * it holds `IDENTITY_PROMPT.md` or `CURRENT_TASK.json`: `<home>/<id>` could be anything.
 *
 * @param home absolute, links resolved
 * @throws InstallError E_INSTANCE_AMBIGUOUS, E_INSTANCE_UNSAFE, E_NOT_TRUSTED
 */
export function locateInstance(options: {
  readonly fs: ReadFileSystem;
  readonly home: string;
  /** Checked already (core/identity-id.ts). */
  readonly id: string;
  readonly localCatalogPackPath?: string;
}): InstancePlace {
  const { fs, home, id, localCatalogPackPath } = options;
  if (localCatalogPackPath !== undefined) {
    const path = catalogPlace(fs, home, localCatalogPackPath);
    return { path, exists: checkWay(fs, trustedRoot(home, path), path), place: 'catalog' };
  }
  const own: InstancePlace = {
    path: ownPlace(home, id),
    exists: false,
    place: 'instances',
  };
  const legacy = legacyPlaces(home, id).filter((path) =>
    packMarkers.some((name) => fs.stat(join(path, name)) !== undefined),
  );
  const found: InstancePlace[] = [
    ...(checkWay(fs, home, own.path) ? [{ ...own, exists: true }] : []),
    ...legacy.map((path) => ({ path, exists: checkWay(fs, home, path), place: 'legacy' as const })),
  ];
  if (found.length > 1) {
    const paths = found.map(({ path }) => path);
    throw new InstallError(
      'E_INSTANCE_AMBIGUOUS',
      `The identity "${id}" has more than one instance: ${paths.join(' and ')}.`,
      {
        remedy: 'Move one of them away, or name the right one as pack_path in catalog.local.yaml.',
        details: { id, paths },
      },
    );
  }
  return found[0] ?? own;
}

/** Where an instance can be that the local catalog does not place; absolute, like `home`. */
export function usualPlaces(home: string, id: string): readonly string[] {
  return [ownPlace(home, id), ...legacyPlaces(home, id)];
}

function ownPlace(home: string, id: string): string {
  return join(home, 'instances', id);
}

function legacyPlaces(home: string, id: string): readonly string[] {
  return [join(home, 'identity', id), join(home, 'identities', id), join(home, id)];
}

const anotherHome: Remedy = {
  kind: 'option',
  option: 'home',
  to: 'use a home outside the working tree, which may name such a place',
};

/**
 * The directory that a `pack_path` of the local catalog names: relative to the home, or absolute.
 *
 * @throws InstallError E_INSTANCE_UNSAFE, E_NOT_TRUSTED
 */
export function catalogPlace(fs: ReadFileSystem, home: string, packPath: string): string {
  const plain = packPath.replace(/^\.\//, '').replace(/\/$/, '');
  const subject = `The local catalog's pack_path "${packPath}"`;
  const leaves = !isAbsolute(packPath) && !isPlainPath(plain);
  const given = resolve(home, packPath);
  // The home's own path is resolved; an absolute pack_path may still use an unresolved name of it.
  const path = isInside(given, home)
    ? given
    : join(resolvedDirectory(fs, dirname(given)), basename(given));
  const state = homeLayout(home).stateDirectory;
  if (!leaves && (isInside(home, path) || isInside(path, state))) {
    unsafe(
      `${subject} cannot be the place of an instance`,
      path,
      'Name a directory for this instance alone.',
    );
  }
  refuseStray(fs, { holder: home, place: path, use: 'write', subject, remedy: anotherHome });
  if (leaves) {
    unsafe(
      `${subject} leaves the home`,
      packPath,
      'Name a place inside the home, or an absolute path.',
    );
  }
  return path;
}

/** Every link resolved in what exists of a directory; the missing part below it stays as it is. */
function resolvedDirectory(fs: ReadFileSystem, directory: string): string {
  if (directory === dirname(directory)) return directory;
  if (fs.stat(directory) === undefined) {
    return join(resolvedDirectory(fs, dirname(directory)), basename(directory));
  }
  try {
    return fs.realPath(directory);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOENT' && errno !== 'ELOOP' && errno !== 'ENOTDIR') throw error;
    return unsafe(`${directory} is a link that leads nowhere`, directory);
  }
}

/**
 * Refuses a recorded place that now lies behind a link, is not a directory, or may not be used by a
 * home in its place. One that is gone is safe.
 *
 * @throws InstallError E_INSTANCE_UNSAFE, E_NOT_TRUSTED
 */
export function refuseUnsafePlace(fs: ReadFileSystem, home: string, instance: string): void {
  const subject = `The recorded instance, ${instance},`;
  refuseStray(fs, { holder: home, place: instance, use: 'write', subject, remedy: anotherHome });
  checkWay(fs, trustedRoot(home, instance), instance);
}

/** Where trust begins: the home, or the parent of an instance that lies outside of it. */
export function trustedRoot(home: string, instance: string): string {
  return isInside(instance, home) ? home : dirname(instance);
}

/**
 * Whether the instance is there. Every component below `from` must be a directory itself: a link
 * could be redirected between our check and our write.
 */
function checkWay(fs: ReadFileSystem, from: string, path: string): boolean {
  let at = from;
  for (const part of relative(from, path).split(sep)) {
    at = join(at, part);
    const stat = fs.stat(at);
    if (stat === undefined) return false;
    if (stat.kind === 'link') unsafe(`${at} is a link`, at);
    if (stat.kind !== 'directory') unsafe(`${at} is not a directory`, at);
  }
  return true;
}

function unsafe(
  message: string,
  path: string,
  remedy = 'Put the directory itself where the link or file is.',
): never {
  throw new InstallError('E_INSTANCE_UNSAFE', `${message}.`, {
    remedy,
    details: { path },
  });
}

/** The instance as a record names it: relative to the home where it lies inside. */
export function instanceName(home: string, instance: string): string {
  const inside = relative(home, instance);
  return isAbsolute(inside) || inside.startsWith('..') ? instance : inside.split(sep).join('/');
}
