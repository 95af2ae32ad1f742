import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { isPlainPath } from '../core/plain-path.ts';
import { steps } from '../core/remedy.ts';
import type { Environment } from '../platform/environment.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { catalogPath } from './catalog.ts';

export interface RepositoryContext {
  readonly fs: ReadFileSystem;
  readonly environment: Environment;
}

/** A protocol repository on the disk: its root, and its catalog inside. */
export interface RepositoryPlace {
  /** Absolute, links resolved. */
  readonly root: string;
  /** Relative to the root. */
  readonly catalog: string;
}

/**
 * The repository that `--root` and `--catalog` name, or the working directory if it is one;
 * undefined otherwise. The root of a catalog in the usual place is three levels up; that of any
 * other catalog is its own directory.
 *
 * @throws InstallError E_USAGE
 */
export function findRepository(
  { fs, environment }: RepositoryContext,
  { root, catalog }: { readonly root?: string; readonly catalog?: string },
): RepositoryPlace | undefined {
  const { workingDirectory } = environment;
  const realPathOf = (path: string): string => realPath(fs, resolve(workingDirectory, path));
  if (catalog !== undefined) {
    const file = realPathOf(catalog);
    const usual = file.endsWith(`${sep}${catalogPath.split('/').join(sep)}`);
    const start =
      root !== undefined ? realPathOf(root) : dirname(usual ? join(file, '../..') : file);
    const inside = relative(start, file).split(sep).join('/');
    if (!isAbsolute(inside) && isPlainPath(inside)) return { root: start, catalog: inside };
    throw new InstallError('E_USAGE', `The catalog ${file} is not below ${start}.`, {
      remedy: steps(
        { kind: 'option', option: 'root', to: 'name a directory around it' },
        { kind: 'without', option: 'root', to: 'have it found from the catalog' },
      ),
      details: { catalog: file, root: start },
    });
  }
  if (root !== undefined) return { root: realPathOf(root), catalog: catalogPath };
  const here = fs.realPath(workingDirectory);
  return fs.stat(join(here, catalogPath))?.kind === 'file'
    ? { root: here, catalog: catalogPath }
    : undefined;
}

function realPath(fs: ReadFileSystem, path: string): string {
  try {
    return fs.realPath(path);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    throw new InstallError('E_USAGE', `${path} cannot be read (${errno}).`, {
      remedy: 'Check the path and its permissions.',
      details: { path, errno },
      cause,
    });
  }
}
