import { InstallError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Row } from './row.ts';

/**
 * Commands of other programs that people type here. Their meaning is known, so they are not matched
 * to the nearest name, which may do the opposite.
 */
const otherWords = new Map<string, string>([
  ['install', 'That is a separate program: identity-install.'],
  ['rollback', 'That is a separate program: identity-rollback.'],
  ['undo', 'identity-rollback undoes an operation.'],
  ['revert', 'identity-rollback undoes an operation.'],
  ['update', 'identity-install --merge updates an identity.'],
  ['upgrade', 'identity-install --merge updates an identity.'],
  ['status', '"identity verify" compares the files with what was installed.'],
  ['remove', 'No command removes an identity; identity-rollback undoes its install.'],
  ['delete', 'No command removes an identity; identity-rollback undoes its install.'],
  ['uninstall', 'No command removes an identity; identity-rollback undoes its install.'],
  ['unregister', 'identity-rollback undoes what "identity register" did.'],
  ['deactivate', 'identity-rollback undoes what "identity activate" did.'],
]);

/** @returns InstallError E_USAGE with what was probably meant */
export function unknownCommand(word: string, rows: readonly Row[]): InstallError {
  const names = rows.map(({ name }) => name);
  const near = nearest(word, names);
  return new InstallError('E_USAGE', `There is no command "${word}".`, {
    remedy:
      otherWords.get(word) ??
      (near === undefined ? theCommands(names) : `Did you mean "identity ${near}"?`),
    details: { command: word },
  });
}

/** @returns InstallError E_USAGE */
export function whichCommand(rows: readonly Row[]): InstallError {
  return new InstallError('E_USAGE', 'Which command?', {
    remedy: `${theCommands(rows.map(({ name }) => name))} "identity help <command>" explains one.`,
  });
}

function theCommands(names: readonly string[]): string {
  return `The commands are: ${names.join(', ')}.`;
}
