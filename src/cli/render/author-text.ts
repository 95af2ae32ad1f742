import { printable } from '../../core/printable.ts';
import type { RegisterRun } from '../../operations/register/request.ts';
import type { CompileRun } from '../../authoring/compile.ts';
import type { CreateRun } from '../../authoring/create.ts';
import { fixed } from '../layout/lines.ts';
import { shellWords } from '../options/shell-words.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { undoLines } from './next-steps.ts';
import { fileLines } from './file-lines.ts';
import { count } from './fold.ts';
import { textOf } from './sections.ts';
import { recoveredLines, warningLines } from './warnings.ts';

/** What was written, and what an author does next. */
export function renderCreate(run: CreateRun, context: RenderContext): string {
  const { style, options, launcher, layout } = context;
  const { root, id, pack, files } = run;
  if (options.quiet) return '';
  const shown = files.map(({ path, action }) => ({
    symbol: action === 'created' ? ('+' as const) : ('~' as const),
    word: action,
    path,
  }));
  const identity = launcher('identity');
  return textOf(
    [
      [
        style.good(`${id}: ${count(files.length, 'file')} written in ${printable(root)}.`),
        ...(options.verbose ? fileLines(shown, layout) : []),
        ...factLines([['Pack', printable(pack), 'path']], context),
      ],
      [
        'Next: answer the comments in IDENTITY_PROMPT.md, then',
        fixed(`  ${printable(`${identity} validate ${shellWords([id, '--root', root])}`)}`),
        '  git add identity && git commit, and tag a release: git tag v0.1.0',
      ],
    ],
    layout,
  );
}

/** Whether the local catalog changed, and how to undo that. */
export function renderRegister(
  run: RegisterRun,
  activate: boolean,
  context: RenderContext,
): string {
  const { style, options, layout } = context;
  const { id, catalog, packPath, operation, recovered } = run;
  const done = activate ? 'active, and the default' : 'registered';
  const word = operation === null ? `${done} already` : done;
  const headline = `${id} is ${word}.`;
  return textOf(
    [
      recoveredLines(recovered, style),
      warningLines(operation?.warnings ?? [], style),
      [
        ...(options.quiet ? [] : [operation === null ? headline : style.good(headline)]),
        ...factLines(
          [
            ['Catalog', options.quiet ? null : printable(catalog), 'path'],
            ['Pack', options.quiet || packPath === null ? null : printable(packPath), 'path'],
          ],
          context,
        ),
      ],
      operation === null ? [] : undoLines(operation.undo, context),
    ],
    layout,
  );
}

/** The brief itself, or where it was written. */
export function renderCompile(
  { id, text, output }: CompileRun,
  { options, layout }: RenderContext,
): string {
  // A brief contains nothing that a terminal would interpret, and is the same for every output.
  if (output === null) return text;
  return textOf(options.quiet ? [] : [[`The brief of ${id} is in ${printable(output)}.`]], layout);
}
