import { isAbsolute, normalize, sep } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { mutatingCalls, type FileSystem, type Mutation } from '../file-system.ts';

/**
 * The file system for commands that do not write: reads work as usual, and every mutating call is a
 * defect. A command that is changed to write where it must not then fails in its first test, not on
 * a user's machine.
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
 * A file system whose mutating calls reach only the given absolute roots and what lies below them,
 * compared component by component; of calls with two paths, both must be inside. A path with `.` or
 * `..` in it counts as outside. Links are not resolved: the caller resolves the roots.
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
      // The arguments belong to the call with this name, which TypeScript cannot infer.
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
