import type { LaunchFacts } from '../platform/launch.ts';
import { shellWords } from './options/shell-words.ts';
import type { ProgramName } from './program.ts';

export type Launcher = (program: ProgramName) => string;

/**
 * What to type to start a program of this package, from any directory: the bare name where that is
 * this package, npx where npx fetched us (docs/apply-and-rollback.md#the-undo-command), else this
 * very file. Never `npx <program>` in a checkout: typed elsewhere, it would fetch whatever the
 * registry has under that name.
 */
export function launcherOf(facts: LaunchFacts, version: string): Launcher {
  const { packageDirectory: directory, startedByNpx, node } = facts;
  if (/[\\/]_npx[\\/]/.test(directory)) {
    return (program) => `npx --package=identity-install@${version} ${program}`;
  }
  return (program) => {
    const file = `${directory}/bin/${program}.js`;
    if (!startedByNpx && facts.onPath(program) === file) return program;
    return shellWords([node, file]);
  };
}
