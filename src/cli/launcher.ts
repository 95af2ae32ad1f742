import type { LaunchFacts } from '../platform/launch.ts';
import { shellWords } from './options/shell-words.ts';
import type { ProgramName } from './program.ts';

export type Launcher = (program: ProgramName) => string;

/**
 * What to type to start a program of this package, from any directory and without a network: npx
 * with the tarball that it was given, the bare name if that is this package, otherwise this very
 * file (docs/apply-and-rollback.md#the-undo-command). Never the name of a package: the owner of
 * that name in the registry would be run.
 */
export function launcherOf(facts: LaunchFacts): Launcher {
  const { packageDirectory: directory, npxTarball, node } = facts;
  if (npxTarball !== undefined) {
    // In another directory npx does not know it, and would ask, or refuse if nobody can answer.
    return (program) => shellWords(['npx', '--yes', `--package=${npxTarball}`, program]);
  }
  return (program) => {
    const file = `${directory}/bin/${program}.js`;
    return facts.onPath(program) === file ? program : shellWords([node, file]);
  };
}
