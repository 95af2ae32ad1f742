import { exitCodes } from '../../core/error-codes.ts';
import { globalGroups } from '../options/global-options.ts';
import { refuseOperands } from '../options/operands.ts';
import { defineCommand } from '../command/command.ts';

export const history = defineCommand({
  usage: ['identity history [options]'],
  about: 'Shows the operations of a home, newest first, with the reference that undoes each.',
  options: globalGroups,
  examples: [
    ['identity history', 'the operations of the default home'],
    ['identity history --verbose', 'with the run, the evidence and the undo command of each'],
  ],
  exits: [[exitCodes.done, 'shown']],
  schemas: ['history-result'],
  parse: (given) => refuseOperands('history', given),
  run: async (_request, { composition }) => {
    const { listHistory } = await import('../../inspection/history/list-history.ts');
    return listHistory(composition.looking.openHome());
  },
  exitCode: () => exitCodes.done,
  text: async (run, _request, context) => {
    const { renderHistory } = await import('../render/history-text.ts');
    const table = renderHistory(run, context);
    if (!context.options.verbose || run.operations.length === 0) return table;
    const { renderHistoryDetails } = await import('../render/history-details.ts');
    return `${table}\n${renderHistoryDetails(run, context)}`;
  },
});
