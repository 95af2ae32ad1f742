import { exitCodes } from '../../core/error-codes.ts';
import { silentProgress } from '../../platform/progress.ts';
import { homeGroup, servedOutputGroup } from '../options/global-options.ts';
import { refuseOperands } from '../options/operands.ts';
import { version } from '../version.ts';
import { defineServer } from '../command/command.ts';

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
    // Its SDK takes longer to load than all the rest: nothing else imports it.
    const { serveMcp } = await import('../../server/mcp/serve-mcp.ts');
    const context = { ...composition.openHome(), progress: silentProgress };
    const discovery = await composition.discovery({ parents: false });
    const { channel, signal, ...changes } = await composition.serving();
    const services = { context, discovery, ...changes, allowWrite, version };
    await serveMcp(services, { channel, signal, say: composition.say });
  },
});
