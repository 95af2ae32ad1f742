import { isAbsolute, normalize, sep } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { mutatingCalls, type FileSystem, type Mutation } from '../file-system.ts';

/**
 * The file system for commands that do not write: reading as it is, every mutating call a defect.
 * A command that is changed to write where it should not fails its first test instead of a user.
 *
 * Mutating calls throw InstallError E_BUG; `sync` and `barrier` change nothing and are passed on.
 */
export function readOnly(fs: FileSystem): FileSystem {
  return guarded(fs, (call, path) => {
    throw new InstallError('E_BUG', `A command that only reads tried to write: ${call} ${path}`, {
      details: { call, path },
    });
  });
}

/**
 * A file system whose mutating calls reach only the given absolute roots and what lies below
 * them, compared component by component; calls with two paths need both inside. A path with `.`
 * or `..` in it is outside everything. Links are not resolved: whoever chose the roots did that.
 *
 * Mutating calls outside throw InstallError E_BUG.
 */
export function confinedTo(fs: FileSystem, roots: readonly string[]): FileSystem {
  for (const root of roots) {
    if (!isPlainAbsolute(root)) {
      throw new InstallError('E_BUG', `Not an absolute path: ${root}`, { details: { root } });
    }
  }
  return guarded(fs, (call, path) => {
    if (isPlainAbsolute(path) && roots.some((root) => isBelow(path, root))) return;
    throw new InstallError(
      'E_BUG',
      `Tried to write outside the permitted places: ${call} ${path}`,
      {
        details: { call, path, roots },
      },
    );
  });
}

type Guard = (call: Mutation, path: string) => void;

/** Mutations whose second argument is a path, too. */
const twoPaths: ReadonlySet<Mutation> = new Set(['rename', 'link', 'exchange']);

function guarded(fs: FileSystem, guard: Guard): FileSystem {
  const guards = mutatingCalls.map((call) => [
    call,
    (...args: readonly unknown[]) => {
      for (const path of args.slice(0, twoPaths.has(call) ? 2 : 1)) guard(call, String(path));
      // The arguments are those of the call of this name; TypeScript cannot follow the name.
      (fs[call] as (...args: readonly unknown[]) => void)(...args);
    },
  ]);
  return { ...fs, ...Object.fromEntries(guards) } as FileSystem;
}

function isPlainAbsolute(path: string): boolean {
  const withoutEnd = path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
  return isAbsolute(path) && normalize(withoutEnd) === withoutEnd;
}

function isBelow(path: string, root: string): boolean {
  const prefix = root.endsWith(sep) ? root : `${root}${sep}`;
  return path === root || `${path}${sep}` === prefix || path.startsWith(prefix);
}
