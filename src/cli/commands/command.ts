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
  /** How to start a program the way this one was. */
  readonly launcher: Launcher;
}

/** What came of a command, ready to be shown either way. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** For `--json`; absent for a command that has no result to show. */
  readonly document?: JsonDocument;
  /** Absent for a server, whose standard output belongs to its protocol. */
  readonly text?: (context: RenderContext) => string | Promise<string>;
}

/**
 * A document that `--json` prints. A schema's number changes when a member goes or changes its
 * meaning; members may be added at any time.
 */
export interface JsonDocument {
  readonly schema: string;
}

/** A command line that was understood, ready to run. */
export type Prepared = (setting: Setting) => Promise<Outcome>;

/** A command, whatever it is asked for and answers. */
export interface Command extends CommandPage {
  /** Names of the documents under `--json`, as in `schemas/results/<name>.schema.json`. */
  readonly schemas: readonly string[];
  /** What it is doing when the operating system refuses something: `reading the packs`. */
  readonly doing?: string;
  /** @throws InstallError E_USAGE and what else is wrong with the command line */
  readonly prepare: (given: Arguments) => Prepared;
}

interface Definition<Request, Result extends object> extends Omit<Command, 'prepare'> {
  /** @throws InstallError E_USAGE and what else is wrong with the command line */
  readonly parse: (given: Arguments) => Request;
  /** Calls the use case, which it loads itself. Throws what the use case throws. */
  readonly run: (request: Request, setting: Setting) => Result | Promise<Result>;
  readonly exitCode: (result: Result, request: Request) => ExitCode;
  /** The schema of this result; needed where the command has several. */
  readonly schemaOf?: (request: Request) => string;
  /** The members of the document besides its schema; default: those of the result. */
  readonly members?: (result: Result, request: Request) => object;
  readonly text: (
    result: Result,
    request: Request,
    context: RenderContext,
  ) => string | Promise<string>;
}

/** A command with its parts in hand, for tests. */
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
  /** Answers until the client is gone or the signal fires. */
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
