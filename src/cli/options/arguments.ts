import { InstallError } from '../../core/errors.ts';
import { ownMember } from '../../core/own-member.ts';
import type { Option } from './option.ts';
import { beforeOptionsEnd } from '../typed.ts';

/** A parsed command line: every option is known and has its value. */
export interface Arguments {
  /** The arguments that are not options, exactly as typed: `007` stays `007`. */
  readonly operands: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  list(name: string): readonly string[];
  /** Whether the option was given. */
  has(name: string): boolean;
  /** @throws InstallError E_USAGE when both were given */
  refuseTogether(name: string, other: string): void;
}

/** The parser's result for a command line: options by name, operands under `_` and `--`. */
export type ParsedTokens = Readonly<Record<string, unknown>>;

/**
 * The arguments of a command line whose options are all known. Refuses what the parser accepts: a
 * value that is empty, given twice, or given to a flag.
 *
 * @param command the words that name the command, which are not operands
 * @throws InstallError E_USAGE
 */
export function readArguments(
  parsed: ParsedTokens,
  options: readonly Option[],
  argv: readonly string[],
  command: readonly string[] = [],
): Arguments {
  const typed = beforeOptionsEnd(argv);
  const given = (name: string): unknown => ownMember(parsed, name);
  for (const option of options) refuseMisused(option, given(option.name), typed);

  const has = (name: string): boolean => given(name) !== undefined && given(name) !== false;
  return {
    operands: [...asList(parsed['_']).slice(command.length), ...asList(parsed['--'])],
    flag: (name) => given(name) === true,
    value: (name) => asList(given(name))[0],
    list: (name) => asList(given(name)),
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
