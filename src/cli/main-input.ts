import type { LaunchFacts } from '../platform/launch.ts';
import type { Process } from '../platform/process.ts';
import type { Compose } from './composition.ts';
import type { Row } from './command/row.ts';
import type { ProgramName } from './program.ts';

/** What a command line is run with; `enter.ts` brings the real process. */
export interface MainInput {
  readonly program: ProgramName;
  readonly process: Process;
  /** Determines how the program was started; called only if a command line may be printed. */
  readonly loadLaunch: () => Promise<LaunchFacts>;
  /** Loads the adapters; called only when a command needs them. */
  readonly loadCompose: () => Promise<Compose>;
  /** The commands; default: all of them. */
  readonly rows?: readonly Row[];
}
