import { printable } from '../../core/printable.ts';
import type { RegisterRun } from '../../operations/register/request.ts';
import type { CompileRun } from '../../authoring/compile.ts';
import type { CreateRun } from '../../authoring/create.ts';
import { shellWords } from '../options/shell-words.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { count } from './fold.ts';
import { textOf } from './sections.ts';
import { recoveredLines, warningLines } from './warnings.ts';

/** What was written, and what an author does next. */
export function renderCreate(run: CreateRun, { style, options, launcher }: RenderContext): string {
  const { root, id, pack, files } = run;
  if (options.quiet) return '';
  const shown = options.verbose
    ? files.map(({ path, action }) => `  ${action === 'created' ? '+' : '~'} ${printable(path)}`)
    : [];
  const identity = launcher('identity');
  return textOf([
    [
      style.good(`${id}: ${count(files.length, 'file')} written in ${printable(root)}.`),
      ...shown,
      ...factLines([['Pack', printable(pack)]], style),
    ],
    [
      'Next: answer the comments in IDENTITY_PROMPT.md, then',
      `  ${identity} validate ${shellWords([id, '--root', root])}`,
      '  git add identity && git commit, and tag a release: git tag v0.1.0',
    ],
  ]);
}

/** Whether the local catalog changed, and how to take it back. */
export function renderRegister(
  run: RegisterRun,
  activate: boolean,
  { style, options }: RenderContext,
): string {
  const { id, catalog, packPath, operation, recovered } = run;
  const done = activate ? 'active, and the default' : 'registered';
  const word = operation === null ? `${done} already` : done;
  const headline = `${id} is ${word}.`;
  return textOf([
    recoveredLines(recovered, style),
    warningLines(operation?.warnings ?? [], style),
    [
      ...(options.quiet ? [] : [operation === null ? headline : style.good(headline)]),
      ...factLines(
        [
          ['Catalog', options.quiet ? null : printable(catalog)],
          ['Pack', options.quiet || packPath === null ? null : printable(packPath)],
          ['Undo', operation === null ? null : operation.undo],
        ],
        style,
      ),
    ],
  ]);
}

/** The brief itself, or where it went. */
export function renderCompile(
  { id, text, output }: CompileRun,
  { options }: RenderContext,
): string {
  // A brief holds nothing that a terminal would obey, and is the same wherever it goes.
  if (output === null) return text;
  return options.quiet ? '' : `The brief of ${id} is in ${printable(output)}.\n`;
}
