import { exitCodes } from '../../core/error-codes.ts';
import { globalGroups } from '../options/global-options.ts';
import { checkTypedId, readOneOperand } from '../options/operands.ts';
import { defineCommand } from '../command/command.ts';
import { discover, oneProjectGroup, findIdentity, readOneProject } from '../command/discovery.ts';

export const show = defineCommand({
  usage: ['identity show <id> [options]'],
  about: 'Shows everything about one identity that a project can use.',
  options: [oneProjectGroup, ...globalGroups],
  examples: [['identity show code-reviewer', 'policy, tools, tags and where its pack is']],
  exits: [[exitCodes.done, 'shown']],
  schemas: ['show-result'],
  doing: 'searching for identities',
  parse: (given) => ({
    id: checkTypedId(readOneOperand('show', '<id>', given)),
    wish: readOneProject('show', given),
  }),
  run: async ({ id, wish }, setting) => {
    const { listing, identity } = findIdentity(id, await discover(wish, setting));
    return { cwd: listing.cwd, isDefault: listing.defaultIdentity === identity.id, identity };
  },
  exitCode: () => exitCodes.done,
  text: async (shown, _request, context) => {
    const { renderShow } = await import('../render/discovery-text.ts');
    return renderShow(shown, context);
  },
});
