import { exitCodes } from '../../core/error-codes.ts';
import { activate } from '../../protocol/discovery/activate.ts';
import type { Discovery } from '../../protocol/discovery/list-identities.ts';
import { globalGroups } from '../options/global-options.ts';
import { checkTypedId, readOneOperand } from '../options/operands.ts';
import type { OptionGroup } from '../options/option.ts';
import { defineCommand } from '../command/command.ts';
import { discover, oneProjectGroup, findIdentity, readOneProject } from '../command/discovery.ts';

const matchGroup: OptionGroup = {
  title: 'What',
  options: [
    {
      name: 'identity',
      kind: 'value',
      value: '<id>',
      describe: 'the identity that was selected explicitly, which takes precedence',
    },
  ],
};

export const match = defineCommand({
  usage: ['identity match "<objective>" [options]'],
  about:
    'Compares an objective with title, tags, descriptions and default prompt of every identity, ' +
    'and shows the scores, the matching words, and which identity would be activated: the one ' +
    'selected explicitly, or the default of the project, or the best match.',
  options: [matchGroup, oneProjectGroup, ...globalGroups],
  examples: [
    ['identity match "review this pull request"', 'which identity is for that?'],
    ['identity match "审核商品" --root ~/shared', 'with the identities of another root'],
  ],
  exits: [
    [exitCodes.done, 'an identity would be activated'],
    [exitCodes.findings, 'none would'],
  ],
  schemas: ['match-result'],
  doing: 'searching for identities',
  parse: (given) => {
    const id = given.value('identity');
    return {
      objective: readOneOperand('match', '"<objective>"', given),
      ...(id === undefined ? {} : { id: checkTypedId(id) }),
      wish: readOneProject('match', given),
    };
  },
  run: async ({ objective, id, wish }, setting) => {
    const found = await discover(wish, setting);
    // An explicit selection that does not exist is a mistake, not a reason to choose another
    // identity.
    if (id !== undefined) findIdentity(id, found);
    const [{ listing, identities }] = found as [Discovery];
    const explicit = id === undefined ? {} : { explicit: id };
    const { match: matched, ...activated } = activate(listing, identities, {
      objective,
      ...explicit,
    });
    const { cwd, errors } = listing;
    return { cwd, objective, activated, ...matched, errors };
  },
  exitCode: ({ activated }) => (activated.id === null ? exitCodes.findings : exitCodes.done),
  text: async (result, _request, context) => {
    const { renderMatch } = await import('../render/discovery-text.ts');
    return renderMatch(result, context);
  },
});
