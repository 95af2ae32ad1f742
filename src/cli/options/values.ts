import type { Arguments } from './arguments.ts';

/** The values of the options that were given, by name. */
export function valuesOf<Name extends string>(
  given: Arguments,
  ...names: readonly Name[]
): Partial<Record<Name, string>> {
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = given.value(name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
