import type { Style } from './style.ts';

/** `  From    https://…` for each fact that there is, names aligned. */
export function factLines(
  facts: readonly (readonly [name: string, value: string | null | undefined])[],
  style: Style,
): string[] {
  const known = facts.filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `  ${style.faint(name.padEnd(width))}  ${value ?? ''}`);
}
