import { InstallError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { ParsedTokens } from './arguments.ts';
import type { Option } from './option.ts';
import { beforeOptionsEnd } from '../typed.ts';

/** A token that the parser treats as its own data: `--_`, `--$0`, `--__proto__`, `--=x`. */
const bookkeeping = /^-{1,}(?:_|\$0|__proto__|-*=)/;

export function hasBookkeepingToken(argv: readonly string[]): boolean {
  return beforeOptionsEnd(argv).some((token) => bookkeeping.test(token));
}

/** The name of the unknown option, and the token that was typed. */
export function findUnknown(
  parsed: ParsedTokens,
  options: readonly Option[],
  argv: readonly string[],
): { readonly name: string; readonly shown: string } {
  const typed = beforeOptionsEnd(argv);
  const known = new Set([
    '_',
    '--',
    '$0',
    ...options.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias])),
  ]);
  const name = Object.keys(parsed).find((key) => !known.has(key)) ?? '';
  const odd = typed.find((token) => bookkeeping.test(token));
  const token = odd ?? typed.find((each) => containsOption(each, name)) ?? `--${name}`;
  return { name, shown: token.replace(/=.*$/su, '') };
}

/** The error for an unknown option, with the one that was probably meant. */
export function unknownOption(
  shown: string,
  options: readonly Option[],
  helpCommand: string,
): InstallError {
  const suggestion = nearest(
    shown.replace(/^-+/, ''),
    options.map(({ name }) => name),
  );
  return new InstallError('E_USAGE', `There is no option ${shown}.`, {
    remedy:
      suggestion === undefined
        ? `${helpCommand} lists the options.`
        : `Did you mean --${suggestion}? ${helpCommand} lists the options.`,
    details: { option: shown, ...(suggestion === undefined ? {} : { suggestion }) },
  });
}

/** Whether the parser got this option from the token; `-xyz` contains x, y and z. */
function containsOption(token: string, name: string): boolean {
  if (token.startsWith('--')) return token.slice(2).replace(/=.*$/su, '') === name;
  return token.startsWith('-') && token.slice(1).includes(name);
}
