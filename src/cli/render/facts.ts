import { shortenMiddle } from '../layout/shorten.ts';
import { fixed, type Line } from '../layout/lines.ts';
import { wrap } from '../layout/wrap.ts';
import type { RenderContext } from './context.ts';

/**
 * `words` are wrapped. A `path` loses its middle if there is no room for it, except under
 * `--verbose`. A `whole` value, which may have to be copied, then gets a line of its own.
 */
export type FactKind = 'words' | 'path' | 'whole';

export type Fact = readonly [name: string, value: string | null | undefined, kind?: FactKind];

/** `  From    https://…` for each existing fact, names aligned. */
export function factLines(facts: readonly Fact[], context: RenderContext): Line[] {
  const known = facts.flatMap(([name, value, kind = 'words']) =>
    value === null || value === undefined ? [] : [{ name, value, kind }],
  );
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  return known.flatMap(({ name, value, kind }) => {
    const label = `  ${context.style.faint(name.padEnd(width))}  `;
    const [first = '', ...more] = valueLines(value, kind, width + 4, context);
    const rest = more.map((line) => ' '.repeat(width + 4) + line);
    return first === ''
      ? [fixed(`  ${context.style.faint(name)}`), fixed(`    ${value}`)]
      : [label + first, ...rest].map(fixed);
  });
}

/** A value beside its name; undefined if it must not be broken and does not fit there. */
function valueLines(
  value: string,
  kind: FactKind,
  indent: number,
  { layout: { columns, cells }, options }: RenderContext,
): string[] {
  const room = columns === undefined ? Infinity : columns - indent;
  if (cells.widthOf(value) <= room) return [value];
  if (kind === 'words') return wrap(value, room, cells);
  return kind === 'path' && !options.verbose ? [shortenMiddle(value, room, cells)] : [];
}
