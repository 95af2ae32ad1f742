import { InstallError } from '../../core/errors.ts';
import { checkIdentityId, isIdentityId } from '../../core/identity-id.ts';
import type { Arguments } from './arguments.ts';

/**
 * The ids that were typed, each once.
 *
 * @throws InstallError E_ID_INVALID, E_ID_RESERVED
 */
export function readIds({ operands }: Arguments): string[] {
  return [...new Set(operands.map(checkTypedId))];
}

/** @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED */
export function readOneId(command: string, { operands }: Arguments): string {
  const [id, second] = operands;
  if (id !== undefined && second === undefined) return checkTypedId(id);
  throw new InstallError('E_USAGE', `"identity ${command}" takes one id.`, {
    remedy: `Write: identity ${command} <id>.`,
    details: { operands },
  });
}

/**
 * @param what how help names it: `<id>`
 * @throws InstallError E_USAGE
 */
export function readOneOperand(command: string, what: string, { operands }: Arguments): string {
  const [operand] = operands;
  if (operand !== undefined && operand !== '' && operands.length === 1) return operand;
  throw new InstallError('E_USAGE', `"identity ${command}" needs exactly one ${what}.`, {
    remedy: `Write: identity ${command} ${what}`,
    details: { operands },
  });
}

/** @throws InstallError E_USAGE */
export function refuseOperands(command: string, { operands }: Arguments): void {
  if (operands.length === 0) return;
  throw new InstallError('E_USAGE', `"identity ${command}" takes no names.`, {
    remedy: `Leave out: ${operands.join(' ')}.`,
    details: { operands },
  });
}

/**
 * An id; for common mistakes, the error says what to type instead.
 *
 * @throws InstallError E_ID_INVALID, E_ID_RESERVED
 */
export function checkTypedId(text: string): string {
  const [, id = '', release = ''] = /^([^@]+)@([^/:\\]+)$/.exec(text) ?? [];
  if (isIdentityId(id)) {
    throw new InstallError('E_ID_INVALID', `"${text}" is not a valid identity id.`, {
      remedy: `The id is "${id}". A release is chosen when it is installed: identity-install ${id} --release ${release}`,
      details: { id: text },
    });
  }
  return checkIdentityId(text);
}
