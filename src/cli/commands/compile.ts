import { exitCodes } from '../../core/error-codes.ts';
import type { BriefRequest } from '../../inspection/brief/brief-source.ts';
import { globalGroups } from '../options/global-options.ts';
import { readOneId } from '../options/operands.ts';
import type { OptionGroup } from '../options/option.ts';
import { repositoryRoot } from '../options/repository-root.ts';
import { valuesOf } from '../options/values.ts';
import { defineCommand } from '../command/command.ts';

const compileGroup: OptionGroup = {
  title: 'What',
  options: [
    repositoryRoot,
    {
      name: 'output',
      kind: 'value',
      value: '<file>',
      describe: 'write it there; replaces nothing but a brief',
    },
  ],
};

interface CompileRequest extends BriefRequest {
  /** The file that the brief is written to. */
  readonly output?: string;
}

export const compile = defineCommand({
  usage: ['identity compile [id] [options]'],
  about:
    'Prints the brief that an agent begins with: guardrails, objective, state, allowed skills ' +
    'and MCP servers, references and sources. Of the repository in the working directory, or ' +
    'of the home; without an id, of its default. The same sources give the same brief.',
  options: [compileGroup, ...globalGroups],
  examples: [
    ['identity compile', 'the default identity'],
    ['identity compile --output identity/runtime/IDENTITY_COMPILED.md', 'into a file'],
  ],
  exits: [
    [exitCodes.done, 'compiled'],
    [exitCodes.pack, 'a document of the pack cannot be read'],
  ],
  schemas: ['compile-result'],
  doing: 'compiling the brief',
  parse: (given): CompileRequest => {
    for (const other of ['home', 'scope']) given.refuseTogether('root', other);
    return {
      ...(given.operands.length > 0 && { id: readOneId('compile', given) }),
      ...valuesOf(given, 'root', 'output'),
      inHome: given.has('home') || given.has('scope'),
    };
  },
  run: async (request, { composition }) => {
    const { findBriefSource } = await import('../../inspection/brief/brief-source.ts');
    const { compile: run } = await import('../../authoring/compile.ts');
    const source = await findBriefSource(composition.looking, request);
    return run(composition.adapters, { source, output: request.output });
  },
  exitCode: () => exitCodes.done,
  text: async (run, _request, context) => {
    const { renderCompile } = await import('../render/compile-text.ts');
    return renderCompile(run, context);
  },
});
