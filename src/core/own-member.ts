/**
 * The own member of an object with a given name, never one of its prototype: a file may be called
 * `constructor`, and a record without it must not seem to have it. The linter refuses every other
 * way to look a name up in an object that may hold any name (scripts/lint/own-members.mjs).
 */
export function ownMember<T>(
  object: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  // eslint-disable-next-line house/own-members -- checked right above
  return object[name];
}
