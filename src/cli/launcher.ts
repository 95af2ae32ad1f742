import type { LaunchFacts } from '../platform/launch.ts';
import { shellWords } from './options/shell-words.ts';
import type { ProgramName } from './program.ts';

export type Launcher = (program: ProgramName) => string;

/**
 * What to type to start a program of this package, from any directory and without a network: npx
 * with the tarball that it was given, the bare name where that is this package, else this very file
 * (docs/apply-and-rollback.md#the-undo-command). Never the name of a package: whoever has it in the
 * registry would be run.
 */
export function launcherOf(facts: LaunchFacts): Launcher {
  const { packageDirectory: directory, npxTarball, node } = facts;
  if (npxTarball !== undefined) {
    // Typed elsewhere it is a new word to npx, which would ask, or refuse where nobody answers.
    return (program) => shellWords(['npx', '--yes', `--package=${npxTarball}`, program]);
  }
  return (program) => {
    const file = `${directory}/bin/${program}.js`;
    return facts.onPath(program) === file ? program : shellWords([node, file]);
  };
}
