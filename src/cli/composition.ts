import type { IdentityChoice } from '../operations/install/request.ts';
import type { OperationContext } from '../operations/context.ts';
import type { ValidateContext } from '../inspection/validate/validate.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { FileSystem } from '../platform/file-system.ts';
import type { Prompt } from '../platform/prompt.ts';
import type { LineChannel } from '../platform/line-channel.ts';
import type { Timer } from '../platform/timer.ts';
import type { Watcher } from '../platform/watcher.ts';
import type { DiscoveryContext } from '../protocol/discovery/list-identities.ts';
import type { GlobalOptions } from './options/global-options.ts';
import type { ProgramName } from './program.ts';

/** What a composition is built for. */
export interface CompositionInput {
  readonly program: ProgramName;
  /** What was typed after the program; reports of the protocol quote it. */
  readonly argv: readonly string[];
  readonly version: string;
  /** What to type to start a program of this package, for the undo command. */
  readonly launcher: (program: ProgramName) => string;
  /** Fires when the run is asked to stop; its reason is an `InstallError` E_INTERRUPTED. */
  readonly signal: AbortSignal;
}

export interface Serving {
  readonly channel: LineChannel;
  /** Asks the server to stop. */
  readonly signal: AbortSignal;
  readonly watcher: Watcher;
  readonly timer: Timer;
}

/** What authors of packs need: no home. */
export interface Adapters {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly randomness: Randomness;
}

/** What commands work with: contexts over real adapters, and what the command line needs of them. */
export interface Composition {
  /** Chooses the home when it is first asked for; throws where there is none to choose. */
  readonly openHome: () => OperationContext;
  readonly adapters: Adapters;
  /** The same for what only looks: neither it nor the home that it opens can write. */
  readonly looking: ValidateContext & { readonly clock: Clock };
  /** Where it works, for an error of the operating system: the home, or the working directory. */
  readonly place: () => string;
  /** What looks for identities; reads only. */
  readonly discovery: (wish: { readonly parents: boolean }) => Promise<DiscoveryContext>;
  /** What a server listens and answers on, and what tells it of changes. */
  readonly serving: () => Promise<Serving>;
  /** Lets a person choose; absent without a terminal to ask on. */
  readonly choose?: (ids: readonly IdentityChoice[]) => Promise<string | undefined>;
  /** Lets a person answer in a line that nothing is wrong with; absent without a terminal to ask on. */
  readonly ask?: Prompt['ask'];
  /** Says a line to people: standard error. */
  readonly say: (line: string) => void;
  /** Ends progress, so that a result is not printed into the middle of it. Always called. */
  readonly close: () => void;
}

export type Compose = (
  options: GlobalOptions,
  input: CompositionInput,
) => Composition | Promise<Composition>;
