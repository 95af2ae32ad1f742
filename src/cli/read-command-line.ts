import yargs, { type Argv } from 'yargs';
import { InstallError } from '../core/errors.ts';
import type { Command } from './command/command.ts';
import { identityRows, rowOf, type Row } from './command/row.ts';
import { unknownCommand, whichCommand } from './command/unknown-command.ts';
import { readArguments, type Arguments, type ParsedTokens } from './options/arguments.ts';
import { globalGroups, optionsOf } from './options/global-options.ts';
import type { Option } from './options/option.ts';
import { asksFor, beforeOptionsEnd } from './typed.ts';
import { findUnknown, hasBookkeepingToken, unknownOption } from './options/unknown-option.ts';
import type { ProgramName } from './program.ts';

/** A command line, parsed by the options of its command. */
export interface Reading {
  /** Absent for `identity` without a command, which can only show help. */
  readonly row?: Row;
  readonly command?: Command;
  /** Help was requested; nothing else must be read or run. */
  readonly help: boolean;
  /** @throws InstallError E_USAGE for errors that yargs does not detect */
  readonly readArguments: () => Arguments;
}

/** yargs found an unknown option. Our own message says which one, and what was probably meant. */
class NotUnderstood extends Error {
  readonly parsed: ParsedTokens;

  constructor(parsed: ParsedTokens) {
    super();
    this.parsed = parsed;
  }
}

const globalOptions = optionsOf(globalGroups);

/**
 * Reads a command line with yargs, which gets the options of the commands and the rows of the
 * registry; only the typed command is loaded. Errors are in our own words.
 *
 * @param argv arguments after the program
 * @throws InstallError E_USAGE
 */
export async function readCommandLine(
  program: ProgramName,
  argv: readonly string[],
  rows: readonly Row[],
): Promise<Reading> {
  return program === 'identity'
    ? await readIdentity(argv, identityRows(rows))
    : await readProgram(program, argv, rows);
}

async function readProgram(
  program: ProgramName,
  argv: readonly string[],
  rows: readonly Row[],
): Promise<Reading> {
  const row = rowOf(program, rows);
  if (row === undefined) throw new Error(`The registry has no line for ${program}.`);
  const command = await row.load();
  return { row, command, ...readOptions(command, argv, `${program} --help`) };
}

/**
 * Reads the options and operands of one command, whose name is not among the arguments.
 *
 * @param helpCommand what to type for help
 * @throws InstallError E_USAGE
 */
export function readOptions(
  command: Pick<Command, 'options'>,
  argv: readonly string[],
  helpCommand: string,
): Pick<Reading, 'help' | 'readArguments'> {
  const options = optionsOf(command.options);
  const parser = declare(parserFor(argv), options);
  const { parsed, isStrict } = outcomeOf(argv, () => parser.parseSync());
  if (!isStrict) {
    throw unknownOption(findUnknown(parsed, options, argv).shown, options, helpCommand);
  }
  return {
    help: parsed['help'] === true,
    readArguments: () => readArguments(parsed, options, argv),
  };
}

async function readIdentity(argv: readonly string[], rows: readonly Row[]): Promise<Reading> {
  let chosen: { readonly row: Row; readonly command: Command } | undefined;
  const early = hasEarlyOptions(argv, rows) ? await optionsOfAll(rows) : globalOptions;
  const parser = rows.reduce(
    (before, row) =>
      before.command(row.name, row.about, async (inner) => {
        chosen = { row, command: await row.load() };
        return declare(inner, optionsOf(chosen.command.options));
      }),
    declare(parserFor(argv), early),
  );
  const { parsed, isStrict } = await laterOutcomeOf(argv, parser);
  // The parser sets it in a callback, which the compiler does not see.
  const found = chosen as { readonly row: Row; readonly command: Command } | undefined;
  if (found === undefined) {
    if (!isStrict) {
      const all = await optionsOfAll(rows);
      const { name, shown } = findUnknown(parsed, early, argv);
      if (all.every((option) => option.name !== name) || hasBookkeepingToken(argv)) {
        throw unknownOption(shown, all, 'identity --help');
      }
    }
    return withoutCommand(parsed, argv, rows);
  }
  const { row, command } = found;
  const options = optionsOf(command.options);
  if (!isStrict)
    throw await otherOption({ row, options }, findUnknown(parsed, options, argv), rows);
  return {
    row,
    command,
    help: parsed['help'] === true,
    readArguments: () => readArguments(parsed, options, argv, [row.name]),
  };
}

function withoutCommand(
  parsed: ParsedTokens,
  argv: readonly string[],
  rows: readonly Row[],
): Reading {
  const help = parsed['help'] === true;
  const [word] = readArguments({ _: parsed['_'] }, [], argv).operands;
  if (word !== undefined) throw unknownCommand(word, rows);
  if (!help) throw whichCommand(rows);
  return { help, readArguments: () => readArguments(parsed, globalOptions, argv) };
}

/** An option of another command, or an unknown one. */
async function otherOption(
  { row, options }: { readonly row: Row; readonly options: readonly Option[] },
  { name, shown }: { readonly name: string; readonly shown: string },
  rows: readonly Row[],
): Promise<InstallError> {
  const loaded = await Promise.all(
    rows.map(async (each) => ({ name: each.name, command: await each.load() })),
  );
  const owners = loaded.filter(({ command }) =>
    optionsOf(command.options).some((option) => option.name === name),
  );
  if (owners.length === 0 || shown !== `--${name}`) {
    return unknownOption(shown, options, `identity ${row.name} --help`);
  }
  const names = owners.map((owner) => `"identity ${owner.name}"`).join(', ');
  return new InstallError('E_USAGE', `"identity ${row.name}" has no option --${name}.`, {
    remedy: `${names} ${owners.length === 1 ? 'has' : 'have'}; "identity help ${row.name}" lists the options.`,
    details: { option: name },
  });
}

/** Whether an option that not every command has precedes the command. */
function hasEarlyOptions(argv: readonly string[], rows: readonly Row[]): boolean {
  const names = new Set(rows.map(({ name }) => name));
  const typed = beforeOptionsEnd(argv);
  const first = typed.findIndex((token) => names.has(token));
  return typed
    .slice(0, first === -1 ? 0 : first)
    .some((token) => token.startsWith('--') && !isGlobal(token.slice(2).replace(/=.*$/su, '')));
}

function isGlobal(name: string): boolean {
  return globalOptions.some((option) => option.name === name);
}

/** The options of all commands, each once. */
async function optionsOfAll(rows: readonly Row[]): Promise<readonly Option[]> {
  const commands = await Promise.all(rows.map(async ({ load }) => await load()));
  return [
    ...new Map(
      commands
        .flatMap(({ options }) => optionsOf(options))
        // Where one command takes several of what another takes once, several may be typed.
        .sort((left, right) => Number(left.kind === 'list') - Number(right.kind === 'list'))
        .map((option) => [option.name, option]),
    ).values(),
  ];
}

/** yargs as a parser only: it must not print, exit or guess. */
function parserFor(argv: readonly string[]): Argv {
  const parser = yargs([...argv]);
  return parser
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail((_message, error: unknown) => {
      throw error instanceof Error ? error : new NotUnderstood(parsedBy(parser));
    })
    .detectLocale(false)
    .strictOptions(!asksFor(argv, 'help', 'h'))
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'strip-aliased': true,
    });
}

function declare(parser: Argv, options: readonly Option[]): Argv {
  return options.reduce(
    (before, { name, alias, kind, describe }) =>
      before.option(name, {
        type: kind === 'flag' ? 'boolean' : 'string',
        describe,
        // A command has only its own options.
        global: false,
        ...(alias !== undefined && { alias }),
      }),
    parser,
  );
}

interface Outcome {
  readonly parsed: ParsedTokens;
  /** Whether yargs knew every option. */
  readonly isStrict: boolean;
}

function outcomeOf(argv: readonly string[], parse: () => ParsedTokens): Outcome {
  try {
    return { parsed: parse(), isStrict: !hasBookkeepingToken(argv) };
  } catch (error) {
    return notStrict(error);
  }
}

async function laterOutcomeOf(argv: readonly string[], parser: Argv): Promise<Outcome> {
  try {
    const parsed = await parser.parseAsync();
    return outcomeOf(argv, () => parsed);
  } catch (error) {
    return notStrict(error);
  }
}

function notStrict(error: unknown): Outcome {
  if (!(error instanceof NotUnderstood)) throw error;
  return { parsed: error.parsed, isStrict: false };
}

/** What yargs had parsed before it found an unknown option. */
function parsedBy(parser: Argv): ParsedTokens {
  return (parser as Argv & { readonly parsed: { readonly argv: ParsedTokens } }).parsed.argv;
}
