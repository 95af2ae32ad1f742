import { exitCodes } from '../../core/error-codes.ts';
import { globalGroups } from '../options/global-options.ts';
import { defineCommand } from './command.ts';
import { helpAbout } from './help-about.ts';
import { identityRows, rowOf, type Row } from './registry.ts';
import { unknownCommand } from './unknown-command.ts';

export const help = defineCommand({
  usage: ['identity help [command] [options]'],
  about: 'Explains a command or a program of this package; without one, lists them.',
  options: globalGroups,
  examples: [
    ['identity help', 'every command'],
    ['identity help verify', 'everything about one command'],
    ['identity help identity-install', 'everything about a program'],
  ],
  exits: [[exitCodes.done, 'explained']],
  schemas: [],
  parse: ({ operands: [name] }): { readonly row?: Row } => {
    if (name === undefined || name === 'identity') return {};
    const row = rowOf(name);
    if (row === undefined) throw unknownCommand(name, identityRows());
    return { row };
  },
  run: (request) => request,
  exitCode: () => exitCodes.done,
  text: ({ row }, _request, { layout }) => helpAbout(row, { layout }),
});
