import { Parser } from 'yargs/helpers';
import { InstallError } from '../../core/errors.ts';
import type { ProgramName } from '../program.ts';
import { nearest } from './nearest.ts';
import type { Option, OptionGroup } from './option.ts';
import { beforeOptionsEnd } from './typed.ts';

/** A command line taken apart: every option known, every value there. */
export interface Arguments {
  /** What is no option, always as it was typed: `007` stays `007`. */
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  list(name: string): readonly string[];
  /** Whether the option was given at all. */
  has(name: string): boolean;
  /** @throws InstallError E_USAGE when both were given */
  refuseTogether(name: string, other: string): void;
}

/**
 * Takes a command line apart by the options of a program. yargs reads the tokens; what is unknown,
 * repeated or empty is judged here, so that each has its own sentence and nothing is guessed.
 *
 * @param helpCommand what to type for help, for example `identity verify --help`
 * @throws InstallError E_USAGE
 */
export function readArguments(
  argv: readonly string[],
  groups: readonly OptionGroup[],
  helpCommand: string,
): Arguments {
  const options = groups.flatMap((group) => group.options);
  const parsed = parseTokens(argv, options);
  const typed = beforeOptionsEnd(argv);

  refuseUnknown(parsed, options, typed, helpCommand);
  for (const option of options) refuseMisused(option, parsed[option.name], typed);

  const has = (name: string): boolean => parsed[name] !== undefined && parsed[name] !== false;
  return {
    positionals: [...asList(parsed['_']), ...asList(parsed['--'])],
    flag: (name) => parsed[name] === true,
    value: (name) => asList(parsed[name])[0],
    list: (name) => asList(parsed[name]),
    has,
    refuseTogether: (name, other) => {
      if (!has(name) || !has(other)) return;
      throw new InstallError('E_USAGE', `--${name} and --${other} exclude each other.`, {
        remedy: 'Leave one of them out.',
        details: { options: [name, other] },
      });
    },
  };
}

/**
 * Only the parser of yargs: it prints, exits and reads nothing by itself. What is left out of it
 * would look for a `package.json` and for translations, and takes longer to load than node itself.
 */
function parseTokens(
  argv: readonly string[],
  options: readonly Option[],
): Readonly<Record<string, unknown>> {
  const flags = options.filter((option) => option.kind === 'flag');
  const aliased = options.filter((option) => option.alias !== undefined);
  return Parser([...argv], {
    boolean: flags.map((option) => option.name),
    string: ['_', ...options.filter((option) => option.kind !== 'flag').map(({ name }) => name)],
    alias: Object.fromEntries(aliased.map(({ name, alias }) => [name, alias ?? []])),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'strip-aliased': true,
    },
  });
}

function refuseUnknown(
  parsed: Readonly<Record<string, unknown>>,
  options: readonly Option[],
  typed: readonly string[],
  helpCommand: string,
): void {
  const known = new Set(['_', '--', '$0', ...options.map((option) => option.name)]);
  const unknown = Object.keys(parsed).find((key) => !known.has(key));
  // A token that the parser took for its own bookkeeping: `--_`, `--$0`, `--__proto__`, `--=x`.
  const odd = typed.find((token) => /^-{1,}(?:_|\$0|__proto__|-*=)/.test(token));
  if (unknown === undefined && odd === undefined) return;

  const token = odd ?? typed.find((each) => speaksOf(each, unknown ?? '')) ?? `--${unknown ?? ''}`;
  const shown = token.replace(/=.*$/su, '');
  const suggestion = nearest(
    shown.replace(/^-+/, ''),
    options.map((option) => option.name),
  );
  throw new InstallError('E_USAGE', `There is no option ${shown}.`, {
    remedy:
      suggestion === undefined
        ? `${helpCommand} lists the options.`
        : `Did you mean --${suggestion}? ${helpCommand} lists the options.`,
    details: { option: shown, ...(suggestion === undefined ? {} : { suggestion }) },
  });
}

/** Whether a token is where the parser got this option from; `-xyz` speaks of x, y and z. */
function speaksOf(token: string, name: string): boolean {
  if (token.startsWith('--')) return token.slice(2).replace(/=.*$/su, '') === name;
  return token.startsWith('-') && token.slice(1).includes(name);
}

function refuseMisused(option: Option, parsed: unknown, typed: readonly string[]): void {
  const name = `--${option.name}`;
  if (option.kind === 'flag') {
    if (!typed.some((token) => token.startsWith(`${name}=`))) return;
    throw new InstallError('E_USAGE', `${name} takes no value.`, {
      remedy: `Write ${name}, or leave it out.`,
      details: { option: option.name },
    });
  }
  const values = asList(parsed);
  if (values.includes('')) {
    throw new InstallError('E_USAGE', `${name} needs a value.`, {
      remedy: `Write ${name} ${option.value}.`,
      details: { option: option.name },
    });
  }
  if (option.kind === 'value' && values.length > 1) {
    throw new InstallError('E_USAGE', `${name} was given ${values.length} times.`, {
      remedy: 'Give it once.',
      details: { option: option.name, values },
    });
  }
}

/** Everything is read as text, so that a value is one string, or several when given again. */
function asList(parsed: unknown): string[] {
  if (parsed === undefined) return [];
  return (Array.isArray(parsed) ? parsed : [parsed]).filter((each) => typeof each === 'string');
}

/** What to type for help about a program. */
export function helpCommandOf(program: ProgramName, command?: string): string {
  return command === undefined ? `${program} --help` : `${program} ${command} --help`;
}
