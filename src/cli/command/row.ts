import type { ProgramName } from '../program.ts';
import type { Command } from './command.ts';

/** The headings of `identity --help`, in this order. */
export const groups = ['every day', 'find', 'change', 'write', 'serve', 'shell'] as const;

/** A line of the registry. */
export interface Row {
  /** A program, or a command of `identity`. */
  readonly name: string;
  readonly group: (typeof groups)[number];
  /** One line of `identity --help`. */
  readonly about: string;
  readonly load: () => Promise<Command>;
}

export function isProgram(name: string): name is ProgramName {
  return name === 'identity-install' || name === 'identity-rollback' || name === 'identity';
}

/** The row of a separate program, or of a command of `identity`. */
export function rowOf(name: string, rows: readonly Row[]): Row | undefined {
  return rows.find((row) => row.name === name);
}

/** The commands of `identity`. */
export function identityRows(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ name }) => !isProgram(name));
}
