import type { Command, DefinedCommand } from '../../src/cli/command/command.ts';
import { unicodeCells } from '../../src/cli/layout/unicode-cells.ts';
import { readGlobalOptions, type GlobalOptions } from '../../src/cli/options/global-options.ts';
import type { Arguments } from '../../src/cli/options/arguments.ts';
import { readOptions } from '../../src/cli/read-command-line.ts';
import { styleFor } from '../../src/cli/render/style.ts';
import { checkedResult } from './result-schemas.ts';

type Line = string | readonly string[];

/** A command line of one command, without its name, taken apart as its options say. */
export function given(command: Pick<Command, 'options'>, line: Line): Arguments {
  const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  return readOptions(command, argv, 'help').readArguments();
}

/** What a command makes of a command line, and what every command understands of it. */
export function asked<Request>(
  command: Pick<DefinedCommand<Request, object>, 'options' | 'parse'>,
  line: Line,
): { readonly request: Request; readonly options: GlobalOptions } {
  const taken = given(command, line);
  return { options: readGlobalOptions(taken), request: command.parse(taken) };
}

/**
 * How a result of a command is shown, without running it: its text, its exit code, and its document,
 * which fits the published schema.
 */
export async function shown<Request, Result extends object>(
  command: DefinedCommand<Request, Result>,
  line: Line,
  result: Result,
): Promise<{ readonly text: string; readonly exitCode: number; readonly document?: object }> {
  const { request, options } = asked(command, line);
  const exitCode = command.exitCode(result, request);
  const schema = command.schemaOf?.(request) ?? command.schemas[0];
  const members = command.members?.(result, request) ?? result;
  const context = {
    style: styleFor(false),
    layout: { cells: unicodeCells },
    options,
    launcher: (program: string) => program,
  };
  return {
    exitCode,
    text: await command.text(result, request, context),
    ...(schema !== undefined && {
      document: checkedResult(
        JSON.parse(
          JSON.stringify({ schema: `identity-install/${schema}@1`, exitCode, ...members }),
        ),
      ) as object,
    }),
  };
}
