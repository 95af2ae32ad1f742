import { exitCodes } from '../../core/error-codes.ts';
import type { RegisterRequest } from '../../operations/register/request.ts';
import { globalGroups } from '../options/global-options.ts';
import { readOneId } from '../options/operands.ts';
import { defineCommand } from './command.ts';
import { registration } from './registration.ts';

export const activate = defineCommand({
  ...registration,
  usage: ['identity activate <id> [options]'],
  about: 'Makes a registered identity the default of the home, and active.',
  options: globalGroups,
  examples: [['identity activate night-watch', 'agents that ask for no other get this one']],
  exits: [[exitCodes.done, 'active, or it was already']],
  parse: (given): RegisterRequest => ({ id: readOneId('activate', given), activate: true }),
});
