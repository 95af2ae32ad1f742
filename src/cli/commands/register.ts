import { exitCodes } from '../../core/error-codes.ts';
import type { RegisterRequest } from '../../operations/register/request.ts';
import { globalGroups } from '../options/global-options.ts';
import { readOneId } from '../options/operands.ts';
import { repositoryRoot } from '../options/repository-root.ts';
import { valuesOf } from '../options/values.ts';
import { defineCommand } from '../command/command.ts';
import { registration } from '../command/registration.ts';

export const register = defineCommand({
  ...registration,
  usage: ['identity register <id> [options]'],
  about:
    'Registers an identity in catalog.local.yaml of the home; the rest of the file stays. An ' +
    'installed identity is registered as its release describes it, any other by the place of ' +
    'its pack in the repository in the working directory. Touches no instance.',
  options: [{ title: 'What', options: [repositoryRoot] }, ...globalGroups],
  examples: [['identity register night-watch', 'then it can be activated']],
  exits: [[exitCodes.done, 'registered, or it already was']],
  parse: (given): RegisterRequest => ({
    id: readOneId('register', given),
    activate: false,
    ...valuesOf(given, 'root'),
  }),
});
