import { checkIdentityId } from '../../core/identity-id.ts';
import { InstallError } from '../../core/errors.ts';
import { readGlobalOptions } from './global-options.ts';
import { identityOptions } from './identity-options.ts';
import {
  identityCommands,
  type Command,
  type HelpTopic,
  type IdentityCommand,
  type Invocation,
} from './invocation.ts';
import { nearest } from './nearest.ts';
import { helpCommandOf, readArguments } from './read-arguments.ts';

/**
 * `identity <command>`; options may stand before or after the command.
 *
 * @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED
 */
export function parseIdentity(argv: readonly string[]): Invocation {
  const given = readArguments(argv, identityOptions, helpCommandOf('identity'));
  const [name, ...rest] = given.positionals;
  return { command: readCommand(checkCommand(name), rest), options: readGlobalOptions(given) };
}

function readCommand(name: IdentityCommand, rest: readonly string[]): Command {
  switch (name) {
    case 'verify':
      return { kind: 'verify', request: { ids: [...new Set(rest.map(checkIdentityId))] } };
    case 'history':
    case 'recover':
      refuseOperands(name, rest);
      return { kind: name };
    case 'help':
      return { kind: 'help', topic: helpTopic(rest) };
  }
}

/** What `identity help [command]` is about. */
function helpTopic(rest: readonly string[]): HelpTopic {
  const [name] = rest;
  if (name === undefined) return 'identity';
  const command = checkCommand(name);
  return command === 'help' ? 'identity' : `identity ${command}`;
}

function checkCommand(name: string | undefined): IdentityCommand {
  const list = identityCommands.join(', ');
  if (name === undefined) {
    throw new InstallError('E_USAGE', 'Which command?', {
      hint: `The commands are: ${list}. "identity help <command>" explains one.`,
    });
  }
  const command = identityCommands.find((each) => each === name);
  if (command !== undefined) return command;
  throw new InstallError('E_USAGE', `There is no command "${name}".`, {
    hint: otherProgram(name) ?? suggestion(name) ?? `The commands are: ${list}.`,
    details: { command: name },
  });
}

function otherProgram(name: string): string | undefined {
  if (name !== 'install' && name !== 'rollback') return undefined;
  return `That is a program of its own: identity-${name}.`;
}

function suggestion(name: string): string | undefined {
  const command = nearest(name, identityCommands);
  return command === undefined ? undefined : `Did you mean "identity ${command}"?`;
}

function refuseOperands(name: string, rest: readonly string[]): void {
  if (rest.length === 0) return;
  throw new InstallError('E_USAGE', `"identity ${name}" takes no names.`, {
    hint: `Leave out: ${rest.join(' ')}.`,
    details: { operands: rest },
  });
}
