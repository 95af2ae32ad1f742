import { exitCodes } from '../../core/error-codes.ts';
import { homeGroup, servedOutputGroup } from '../options/global-options.ts';
import { refuseOperands } from '../options/operands.ts';
import { defineServer } from './command.ts';

export const mcp = defineServer({
  usage: ['identity mcp [--allow-write] [options]'],
  about:
    'Serves one agent over the Model Context Protocol on standard input and output, until the ' +
    'agent closes it: tools to list, show, plan, verify and validate identities, their files ' +
    'as resources and their prompts as prompts. With --allow-write also tools that install and ' +
    'undo, but only by the digest of a plan that was shown.',
  options: [
    {
      title: 'What',
      options: [
        {
          name: 'allow-write',
          kind: 'flag',
          describe: 'also offer identity_install and identity_rollback',
        },
      ],
    },
    homeGroup,
    servedOutputGroup,
  ],
  examples: [
    ['identity mcp', 'for an agent to start; it cannot change an instance'],
    ['identity mcp --allow-write --scope project', 'may install into the project, after a plan'],
  ],
  exits: [[exitCodes.done, 'the agent disconnected']],
  parse: (given) => {
    refuseOperands('mcp', given);
    return { allowWrite: given.flag('allow-write') };
  },
  serve: async ({ allowWrite }, { composition }) => {
    await composition.serveMcp(allowWrite);
  },
});
