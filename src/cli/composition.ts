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
import type { Launcher } from './launcher.ts';
import type { GlobalOptions } from './options/global-options.ts';
import type { ProgramName } from './program.ts';

/** The input of a composition. */
export interface CompositionInput {
  readonly program: ProgramName;
  /** The arguments as typed; reports of the protocol quote them. */
  readonly argv: readonly string[];
  readonly version: string;
  /** What to type to start a program of this package, for the undo command. */
  readonly launcher: Launcher;
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

/** What commands for authors of packs need, which is not a home. */
export interface Adapters {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly randomness: Randomness;
}

/**
 * What commands work with: contexts over real adapters, and what the command line needs from them.
 */
export interface Composition {
  /** Chooses the home when it is first needed; throws if there is none to choose. */
  readonly openHome: () => OperationContext;
  readonly adapters: Adapters;
  /**
   * The same for commands that only read: neither the context nor the home that it opens can write.
   */
  readonly looking: ValidateContext & { readonly clock: Clock };
  /** The place for errors of the operating system: the home, or the working directory. */
  readonly place: () => string;
  /** What discovery needs; reads only. */
  readonly discovery: (wish: { readonly parents: boolean }) => Promise<DiscoveryContext>;
  /** The channel of a server, and what reports changes to it. */
  readonly serving: () => Promise<Serving>;
  /** Lets a user choose; absent without a terminal to ask on. */
  readonly choose?: (ids: readonly IdentityChoice[]) => Promise<string | undefined>;
  /** Asks a user until the answer is valid; absent without a terminal to ask on. */
  readonly ask?: Prompt['ask'];
  /** Prints a line for people on standard error. */
  readonly say: (line: string) => void;
  /** Ends the progress display, so that a result is not printed into it. Always called. */
  readonly close: () => void;
}

export type Compose = (
  options: GlobalOptions,
  input: CompositionInput,
) => Composition | Promise<Composition>;
