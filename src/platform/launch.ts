import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errnoOf } from '../core/errors.ts';
import { packageDirectoryAbove } from './process-environment.ts';

/** How this program was started, as far as it determines how its other programs can be started. */
export interface LaunchFacts {
  /** Absolute path of the tarball that npx was given; undefined for anything else it was given. */
  readonly npxTarball: string | undefined;
  /** Absolute directory of the running package, links resolved. */
  readonly packageDirectory: string;
  /** Absolute path of the node that runs. */
  readonly node: string;
  /** The file that a program name resolves to on the user's own PATH, links resolved. */
  readonly onPath: (program: string) => string | undefined;
}

/** Separate from `process.ts`, which everything that prints a version has to load. */
export function readLaunch(): LaunchFacts {
  const packageDirectory = packageDirectoryAbove(dirname(fileURLToPath(import.meta.url)));
  return {
    npxTarball: npxTarball(packageDirectory),
    packageDirectory,
    node: process.execPath,
    onPath: (program) => findOnPath(program, process.env['PATH']),
  };
}

/**
 * npx installs its argument below `_npx/<digest>` in its cache, and records it in a `package.json`
 * there; a file by its path relative to that directory.
 *
 * @param packageDirectory of the running package, links resolved
 * @returns the absolute path of a tarball that still exists; undefined for a name, an address, a
 *   directory, and a path that versions of npm read differently
 */
export function npxTarball(packageDirectory: string): string | undefined {
  const modules = dirname(packageDirectory);
  const cached = dirname(modules);
  if (basename(dirname(cached)) !== '_npx' || basename(modules) !== 'node_modules')
    return undefined;
  const given = dependenciesIn(join(cached, 'package.json')).get(basename(packageDirectory));
  if (given?.startsWith('file:') !== true) return undefined;
  const path = resolve(cached, given.slice('file:'.length));
  if (!/\.(tgz|tar\.gz|tar)$/i.test(path)) return undefined;
  if (/[%#?]/.test(path) || (path.includes('\\') && process.platform !== 'win32')) return undefined;
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined;
}

/** Empty if there is no such file: another program may lay out its cache like npx. */
function dependenciesIn(path: string): ReadonlyMap<string, string> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || errnoOf(error) !== undefined) return new Map();
    throw error;
  }
  const { dependencies } = (manifest ?? {}) as { readonly dependencies?: unknown };
  if (typeof dependencies !== 'object' || dependencies === null) return new Map();
  return new Map(
    Object.entries(dependencies).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/**
 * @param path directories to search; those that npm adds while it runs something are skipped, and
 *   so are relative ones, which depend on the working directory
 */
export function findOnPath(program: string, path = ''): string | undefined {
  for (const directory of path.split(delimiter)) {
    if (!isAbsolute(directory) || /[\\/]node_modules[\\/]\.bin[\\/]?$/.test(directory)) continue;
    try {
      return realpathSync(join(directory, program));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return undefined;
}
