import { exitCodes } from '../../core/error-codes.ts';
import { globalGroups } from '../options/global-options.ts';
import { defineCommand, type DefinedCommand } from '../command/command.ts';
import { helpAbout } from '../command/help-about.ts';
import { identityRows, rowOf, type Row } from '../command/row.ts';
import { unknownCommand } from '../command/unknown-command.ts';

interface HelpWish {
  /** Absent: all of them. */
  readonly row?: Row;
}

/** The command that explains these commands; the registry hands itself in, and is not imported. */
export function helpOn(rows: readonly Row[]): DefinedCommand<HelpWish, HelpWish> {
  return defineCommand({
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
    parse: ({ operands: [name] }): HelpWish => {
      if (name === undefined || name === 'identity') return {};
      const row = rowOf(name, rows);
      if (row === undefined) throw unknownCommand(name, identityRows(rows));
      return { row };
    },
    run: (request) => request,
    exitCode: () => exitCodes.done,
    text: ({ row }, _request, { layout }) => helpAbout(row, { layout, rows }),
  });
}
