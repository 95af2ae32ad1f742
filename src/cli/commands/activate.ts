import { exitCodes } from '../../core/error-codes.ts';
import type { RegisterRequest } from '../../operations/register/request.ts';
import { globalGroups } from '../options/global-options.ts';
import { readOneId } from '../options/operands.ts';
import { defineCommand } from '../command/command.ts';
import { registration } from '../command/registration.ts';

export const activate = defineCommand({
  ...registration,
  usage: ['identity activate <id> [options]'],
  about: 'Makes a registered identity active and the default of the home.',
  options: globalGroups,
  examples: [['identity activate night-watch', 'agents that do not ask for another get this one']],
  exits: [[exitCodes.done, 'active, or it already was']],
  parse: (given): RegisterRequest => ({ id: readOneId('activate', given), activate: true }),
});
