import type { OperationRef } from '../core/operation-ref.ts';

/** How this program was started, as far as it decides how the undo can be started. */
export interface Launch {
  readonly version: string;
  /** Absolute directory of the running package, links resolved. */
  readonly packageDirectory: string;
  /** Absolute path of the node that runs. */
  readonly node: string;
  /** Whether `identity-rollback` on the person's own PATH is this very package. */
  readonly rollbackOnPath: boolean;
}

/**
 * A command line that undoes an operation and works where it is printed, from any directory: the
 * bare command where it is installed, `npx` where npx brought us, else this very file.
 */
export function undoCommand(launch: Launch, ref: OperationRef, home: string): string {
  const rest = ['identity-rollback', ref, '--home', quote(home)];
  if (launch.rollbackOnPath) return rest.join(' ');
  if (/[\\/]_npx[\\/]/.test(launch.packageDirectory)) {
    return ['npx', `--package=identity-install@${launch.version}`, ...rest].join(' ');
  }
  const file = `${launch.packageDirectory}/bin/identity-rollback.js`;
  return [quote(launch.node), quote(file), ...rest.slice(1)].join(' ');
}

/** A word as a POSIX shell reads it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
