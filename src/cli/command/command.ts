import { exitCodes, type ExitCode } from '../../core/error-codes.ts';
import type { Composition } from '../composition.ts';
import type { Launcher } from '../launcher.ts';
import type { Arguments } from '../options/arguments.ts';
import type { GlobalOptions } from '../options/global-options.ts';
import type { OptionGroup } from '../options/option.ts';
import type { RenderContext } from '../render/context.ts';

/** What help says about a command; complete without running anything. */
export interface CommandPage {
  /** The command lines that it takes, the usual one first. */
  readonly usage: readonly string[];
  /** What it does, in a few sentences. */
  readonly about: string;
  readonly options: readonly OptionGroup[];
  readonly examples: readonly (readonly [command: string, describe: string])[];
  /** Its own exit codes, and where a general one means something special here. */
  readonly exits: readonly (readonly [code: ExitCode, meaning: string])[];
}

/** What a command works with. */
export interface Setting {
  readonly composition: Composition;
  readonly options: GlobalOptions;
  /** How to start a program in the way this one was started. */
  readonly launcher: Launcher;
}

/** The outcome of a command, ready to be shown as text or JSON. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** For `--json`; absent for a command that has no result to show. */
  readonly document?: JsonDocument;
  /** Absent for a server, whose standard output belongs to its protocol. */
  readonly text?: (context: RenderContext) => string | Promise<string>;
}

/**
 * A document that `--json` prints. The number of a schema changes if a member is removed or changes
 * its meaning; members may be added at any time.
 */
export interface JsonDocument {
  readonly schema: string;
}

/** A command line that was understood, ready to run. */
export type Prepared = (setting: Setting) => Promise<Outcome>;

/** A command, whatever its request and its result. */
export interface Command extends CommandPage {
  /** Names of the documents under `--json`, as in `schemas/results/<name>.schema.json`. */
  readonly schemas: readonly string[];
  /** What the command was doing, for errors of the operating system: `reading the packs`. */
  readonly doing?: string;
  /** @throws InstallError E_USAGE and other errors of the command line */
  readonly prepare: (given: Arguments) => Prepared;
}

interface Definition<Request, Result extends object> extends Omit<Command, 'prepare'> {
  /** @throws InstallError E_USAGE and other errors of the command line */
  readonly parse: (given: Arguments) => Request;
  /** Calls the use case, which it loads itself. Throws what the use case throws. */
  readonly run: (request: Request, setting: Setting) => Result | Promise<Result>;
  readonly exitCode: (result: Result, request: Request) => ExitCode;
  /** The schema of this result; required if the command has several. */
  readonly schemaOf?: (request: Request) => string;
  /** The members of the document besides its schema; default: those of the result. */
  readonly members?: (result: Result, request: Request) => object;
  readonly text: (
    result: Result,
    request: Request,
    context: RenderContext,
  ) => string | Promise<string>;
}

/** A command with its parts accessible, for tests. */
export type DefinedCommand<Request, Result extends object> = Command & Definition<Request, Result>;

export function defineCommand<Request, Result extends object>(
  definition: Definition<Request, Result>,
): DefinedCommand<Request, Result> {
  const { parse, run, exitCode, schemas, text } = definition;
  const schemaOf = definition.schemaOf ?? (() => schemas[0]);
  const members = definition.members ?? ((result) => result);
  return {
    ...definition,
    prepare: (given) => {
      const request = parse(given);
      return async (setting) => {
        const result = await run(request, setting);
        const schema = schemaOf(request);
        return {
          exitCode: exitCode(result, request),
          ...(schema !== undefined && {
            document: { schema: `identity-install/${schema}@1`, ...members(result, request) },
          }),
          text: (context) => text(result, request, context),
        };
      };
    },
  };
}

interface ServerDefinition<Request> extends CommandPage {
  /** @throws InstallError E_USAGE */
  readonly parse: (given: Arguments) => Request;
  /** Serves until the client has disconnected or the signal fires. */
  readonly serve: (request: Request, setting: Setting) => Promise<void>;
}

/** A command whose standard output belongs to a protocol: it has no result to show. */
export function defineServer<Request>({
  parse,
  serve,
  ...page
}: ServerDefinition<Request>): Command {
  return {
    ...page,
    schemas: [],
    prepare: (given) => {
      const request = parse(given);
      return async (setting) => {
        await serve(request, setting);
        return { exitCode: exitCodes.done };
      };
    },
  };
}
