import { exitCodes } from '../../core/error-codes.ts';
import { asInstallError } from '../../core/failure.ts';
import { homeGroup, servedOutputGroup } from '../options/global-options.ts';
import { refuseOperands } from '../options/operands.ts';
import { latinCells } from '../layout/cells.ts';
import { renderError } from '../render/error-text.ts';
import { styleFor } from '../render/style.ts';
import { version } from '../version.ts';
import { defineServer } from '../command/command.ts';
import { readDiscovery, serveGroup } from '../command/discovery.ts';

/** For a client, standard error is a log. */
const asItIs = { cells: latinCells };

export const serve = defineServer({
  usage: ['identity serve [options]'],
  about:
    'Answers JSON-RPC 2.0 on standard input and output, one message on a line: initialize, ' +
    'identity/list, identity/read; and notifies identity/changed when a root changes. Ends when ' +
    'standard input does.',
  options: [
    serveGroup,
    // Discovery does not lock anything, so there is nothing to wait for.
    { ...homeGroup, options: homeGroup.options.filter(({ name }) => name !== 'wait') },
    servedOutputGroup,
  ],
  examples: [['identity serve --root ~/shared', 'for an agent to start']],
  exits: [[exitCodes.done, 'the client disconnected']],
  parse: (given) => {
    refuseOperands('serve', given);
    return readDiscovery(given);
  },
  /** Standard output carries the protocol; defects are shown on standard error. */
  serve: async (wish, { composition, launcher }) => {
    const { serve: run } = await import('../../server/json-rpc/serve.ts');
    await run({
      ...(await composition.serving()),
      discovery: await composition.discovery(wish),
      roots: wish.roots,
      version,
      onDefect: (error) => {
        const shown = asInstallError(error, 'identity');
        composition.say(
          renderError(shown, {
            style: styleFor(false),
            verbose: true,
            layout: asItIs,
            wording: { launcher },
          }).trimEnd(),
        );
      },
    });
  },
});
