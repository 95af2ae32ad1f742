import { exitCodes } from '../../../core/error-codes.ts';
import { readOneId } from '../../options/operands.ts';
import { valuesOf } from '../../options/values.ts';
import { defineCommand } from '../../command/command.ts';
import type { CreateWish } from './ask-for-texts.ts';
import { createOptions } from './options.ts';

export const create = defineCommand({
  usage: ['identity create [id] [options]'],
  about:
    'Adds a new pack to the protocol repository in the working directory, with an entry in its ' +
    'catalog; creates the repository structure if it is missing. The pack satisfies every ' +
    'contract. Either all of its files are written or none, no file is overwritten, and nothing ' +
    'is installed.',
  options: createOptions,
  examples: [
    ['identity create', 'asks for id, title, description and objective'],
    [
      'identity create watch --title "Watch" --description "…" --objective "…"',
      'without questions',
    ],
  ],
  exits: [
    [exitCodes.done, 'written'],
    [
      exitCodes.usage,
      'the command line is not understood, or lacks a text that nobody could be asked for',
    ],
    [exitCodes.refused, 'something already exists there; nothing was written'],
    [exitCodes.pack, 'the existing catalog cannot be edited'],
  ],
  schemas: ['create-result'],
  doing: 'writing the pack',
  parse: (given): CreateWish => ({
    ...(given.operands.length > 0 && { id: readOneId('create', given) }),
    ...valuesOf(given, 'title', 'description', 'objective', 'owner', 'root'),
    tags: given.list('tag'),
    skills: given.list('skill'),
    mcpServers: given.list('mcp'),
    makeDefault: given.flag('default'),
  }),
  run: async (wish, { composition, options }) => {
    const { askForTexts } = await import('./ask-for-texts.ts');
    const request = await askForTexts(wish, options.json ? undefined : composition.ask);
    const { create: run } = await import('../../../authoring/create.ts');
    const { adapters } = composition;
    return run({ ...adapters, now: adapters.clock.now() }, request);
  },
  exitCode: () => exitCodes.done,
  text: async (run, _wish, context) => {
    const { renderCreate } = await import('../../render/create-text.ts');
    return renderCreate(run, context);
  },
});
