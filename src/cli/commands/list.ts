import { exitCodes } from '../../core/error-codes.ts';
import type { Discovery } from '../../protocol/discovery/list-identities.ts';
import { globalGroups } from '../options/global-options.ts';
import { refuseOperands } from '../options/operands.ts';
import { defineCommand } from '../command/command.ts';
import {
  discover,
  projectsGroup,
  readDiscovery,
  type DiscoveryWish,
} from '../command/discovery.ts';

interface ListRun {
  readonly found: readonly Discovery[];
}

export const list = defineCommand<DiscoveryWish, ListRun>({
  usage: ['identity list [options]'],
  about:
    'Lists the identities that a project can use: its own, those of its parent repositories ' +
    'with --parents, of every --root, and of the identity home; of equal ids, the nearest ' +
    'is used. What could not be used is reported, and hides nothing else.',
  options: [projectsGroup, ...globalGroups],
  examples: [
    ['identity list', 'what this directory finds'],
    ['identity list --verbose', 'with description, tags and place of each pack'],
    ['identity list --cwd app --cwd api --json', 'two projects, for a program to read'],
  ],
  exits: [
    [exitCodes.done, 'listed'],
    [exitCodes.findings, 'listed, but something could not be used'],
  ],
  schemas: ['list-result'],
  doing: 'searching for identities',
  parse: (given) => {
    refuseOperands('list', given);
    return readDiscovery(given);
  },
  run: async (wish, setting) => ({ found: await discover(wish, setting) }),
  exitCode: ({ found }) => {
    const errors = found.flatMap(({ listing }) => listing.errors);
    return errors.some(({ severity }) => severity === 'error')
      ? exitCodes.findings
      : exitCodes.done;
  },
  members: ({ found }) => ({ data: found.map(({ listing }) => listing) }),
  text: async ({ found }, _wish, context) => {
    const { renderList } = await import('../render/discovery-text.ts');
    const table = renderList({ data: found.map(({ listing }) => listing) }, context);
    const identities = found.flatMap((each) => each.identities);
    if (!context.options.verbose || identities.length === 0) return table;
    const { renderListDetails } = await import('../render/list-details.ts');
    return `${table}\n${renderListDetails(identities, context)}`;
  },
});
