import { printable } from '../../core/printable.ts';
import type { CreateRun } from '../../authoring/create.ts';
import { fixed } from '../layout/lines.ts';
import { shellWords } from '../options/shell-words.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { fileLines } from './file-lines.ts';
import { count } from './fold.ts';
import { textOf } from './sections.ts';

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
        fixed('  git add identity && git commit'),
        'and tag a release:',
        fixed('  git tag v0.1.0'),
      ],
    ],
    layout,
  );
}
