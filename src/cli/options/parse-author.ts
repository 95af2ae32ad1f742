import { InstallError } from '../../core/errors.ts';
import { checkIdentityId } from '../../core/identity-id.ts';
import type { Command } from './invocation.ts';
import type { Arguments } from './read-arguments.ts';

/** @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED */
export function readCreate(rest: readonly string[], given: Arguments): Command {
  return {
    kind: 'create',
    request: {
      ...(rest.length > 0 && { id: oneId('create', rest) }),
      ...valuesOf(given, 'title', 'description', 'objective', 'owner', 'root'),
      tags: given.list('tag'),
      skills: given.list('skill'),
      mcpServers: given.list('mcp'),
      makeDefault: given.flag('default'),
    },
  };
}

/** @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED */
export function readRegister(
  name: 'register' | 'activate',
  rest: readonly string[],
  given: Arguments,
): Command {
  const activate = name === 'activate';
  return {
    kind: 'register',
    request: { id: oneId(name, rest), activate, ...valuesOf(given, 'root') },
  };
}

/** @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED */
export function readCompile(rest: readonly string[], given: Arguments): Command {
  for (const other of ['home', 'scope']) given.refuseTogether('root', other);
  return {
    kind: 'compile',
    request: {
      ...(rest.length > 0 && { id: oneId('compile', rest) }),
      ...valuesOf(given, 'root', 'output'),
      inHome: given.has('home') || given.has('scope'),
    },
  };
}

function oneId(command: string, rest: readonly string[]): string {
  const [id, second] = rest;
  if (id !== undefined && second === undefined) return checkIdentityId(id);
  throw new InstallError('E_USAGE', `"identity ${command}" takes one id.`, {
    remedy: `Write: identity ${command} <id>.`,
    details: { operands: rest },
  });
}

function valuesOf<Name extends string>(
  given: Arguments,
  ...names: readonly Name[]
): Partial<Record<Name, string>> {
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = given.value(name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
