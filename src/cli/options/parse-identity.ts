import { checkIdentityId } from '../../core/identity-id.ts';
import { InstallError } from '../../core/errors.ts';
import { readGlobalOptions } from './global-options.ts';
import { readDiscovery, readOneProject } from './discovery-options.ts';
import { anyCommandOptions, commandOptions } from './identity-options.ts';
import {
  identityCommands,
  type Command,
  type HelpTopic,
  type IdentityCommand,
  type Invocation,
} from './invocation.ts';
import { nearest } from './nearest.ts';
import { readCompile, readCreate, readRegister } from './parse-author.ts';
import { readValidate } from './parse-validate.ts';
import { helpCommandOf, readArguments, type Arguments } from './read-arguments.ts';

/**
 * `identity <command>`; options may stand before or after the command.
 *
 * @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED
 */
export function parseIdentity(argv: readonly string[]): Invocation {
  const typed = readArguments(argv, anyCommandOptions, helpCommandOf('identity'));
  const [name, ...rest] = typed.positionals;
  const command = checkCommand(name);
  refuseOptions(command, typed);
  // Read by its own options, now that the command is known: another may take one several times.
  const given = readArguments(argv, commandOptions[command], helpCommandOf('identity'));
  return { command: readCommand(command, rest, given), options: readGlobalOptions(given) };
}

function readCommand(name: IdentityCommand, rest: readonly string[], given: Arguments): Command {
  switch (name) {
    case 'verify':
      return readVerify(rest, given);
    case 'validate':
      return readValidate(rest, given);
    case 'create':
      return readCreate(rest, given);
    case 'register':
    case 'activate':
      return readRegister(name, rest, given);
    case 'compile':
      return readCompile(rest, given);
    case 'list':
    case 'serve':
      refuseOperands(name, rest);
      return { kind: name, wish: readDiscovery(given) };
    case 'show': {
      const id = checkIdentityId(oneOperand(name, rest, '<id>'));
      return { kind: name, id, wish: readOneProject(name, given) };
    }
    case 'match': {
      const id = given.value('identity');
      return {
        kind: name,
        objective: oneOperand(name, rest, '"<objective>"'),
        ...(id === undefined ? {} : { id: checkIdentityId(id) }),
        wish: readOneProject(name, given),
      };
    }
    case 'history':
    case 'recover':
      refuseOperands(name, rest);
      return { kind: name };
    case 'mcp':
      refuseOperands(name, rest);
      return { kind: name, allowWrite: given.flag('allow-write') };
    case 'help':
      return { kind: 'help', topic: helpTopic(rest) };
  }
}

function readVerify(rest: readonly string[], given: Arguments): Command {
  const head = given.value('expect-head');
  const expected = head === undefined ? {} : { expectHead: checkHead(head) };
  if (!given.flag('all')) {
    return {
      kind: 'verify',
      request: { ids: [...new Set(rest.map(checkIdentityId))], ...expected },
    };
  }
  if (rest.length === 0) return { kind: 'verify-home', request: expected };
  throw new InstallError('E_USAGE', '--all is about the whole home, not about single identities.', {
    remedy: `Leave out --all, or: ${rest.join(' ')}.`,
    details: { operands: rest },
  });
}

/** As `identity history` prints it; upper case comes from other tools. */
function checkHead(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InstallError('E_USAGE', `--expect-head is no SHA-256: "${text}".`, {
    remedy: 'It is 64 hex digits, as "identity history" and "identity verify --all" print it.',
    details: { option: 'expect-head', value: text },
  });
}

/** Options that another command has, and this one has not. */
function refuseOptions(command: IdentityCommand, given: Arguments): void {
  const has = (name: IdentityCommand, option: string): boolean =>
    commandOptions[name].some(({ options }) => options.some((each) => each.name === option));
  const option = anyCommandOptions
    .flatMap(({ options }) => options)
    .find(({ name }) => given.has(name) && !has(command, name))?.name;
  if (option === undefined) return;
  const owners = identityCommands.filter((name) => has(name, option));
  throw new InstallError('E_USAGE', `"identity ${command}" has no option --${option}.`, {
    remedy: `${owners.map((name) => `"identity ${name}"`).join(', ')} ${owners.length === 1 ? 'has' : 'have'}; "identity help ${command}" lists the options.`,
    details: { option },
  });
}

function oneOperand(name: string, rest: readonly string[], what: string): string {
  const [operand] = rest;
  if (operand !== undefined && operand !== '' && rest.length === 1) return operand;
  throw new InstallError('E_USAGE', `"identity ${name}" needs exactly one ${what}.`, {
    remedy: `Write: identity ${name} ${what}`,
    details: { operands: rest },
  });
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
      remedy: `The commands are: ${list}. "identity help <command>" explains one.`,
    });
  }
  const command = identityCommands.find((each) => each === name);
  if (command !== undefined) return command;
  throw new InstallError('E_USAGE', `There is no command "${name}".`, {
    remedy: otherProgram(name) ?? suggestion(name) ?? `The commands are: ${list}.`,
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
    remedy: `Leave out: ${rest.join(' ')}.`,
    details: { operands: rest },
  });
}
