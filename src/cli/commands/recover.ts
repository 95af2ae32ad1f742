import { exitCodes } from '../../core/error-codes.ts';
import { globalGroups } from '../options/global-options.ts';
import { refuseOperands } from '../options/operands.ts';
import { defineCommand } from '../command/command.ts';

export const recover = defineCommand({
  usage: ['identity recover [options]'],
  about:
    'Finishes or undoes an operation that was interrupted, for example by a power failure. ' +
    'Every command that writes to the home does the same first; this one does nothing else.',
  options: globalGroups,
  examples: [['identity recover', 'recover what is unfinished, and report how']],
  exits: [[exitCodes.done, 'recovered, or nothing was interrupted']],
  schemas: ['recover-result'],
  parse: (given) => refuseOperands('recover', given),
  run: async (_request, { composition }) => {
    const { recover: run } = await import('../../operations/recover/recover.ts');
    return { recovered: await run(composition.openHome()) };
  },
  exitCode: () => exitCodes.done,
  text: async ({ recovered }, _request, context) => {
    const { renderRecover } = await import('../render/recover-text.ts');
    return renderRecover(recovered, context);
  },
});
