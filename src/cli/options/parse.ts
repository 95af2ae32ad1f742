import type { ProgramName } from '../program.ts';
import type { Invocation } from './invocation.ts';
import { parseIdentity } from './parse-identity.ts';
import { parseInstall } from './parse-install.ts';
import { parseRollback } from './parse-rollback.ts';

/**
 * The command line of a program, understood or refused.
 *
 * @param argv arguments after the program
 * @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED, E_REPLACE_NEEDS_BACKUP
 */
export function parse(program: ProgramName, argv: readonly string[]): Invocation {
  switch (program) {
    case 'identity-install':
      return parseInstall(argv);
    case 'identity-rollback':
      return parseRollback(argv);
    case 'identity':
      return parseIdentity(argv);
  }
}
