/** What was typed before `--`, where options end. */
export function beforeOptionsEnd(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** Whether a flag was typed, without parsing: for features that must work on any command line. */
export function asksFor(argv: readonly string[], name: string, letter?: string): boolean {
  return beforeOptionsEnd(argv).some(
    (token) => token === `--${name}` || (letter !== undefined && token === `-${letter}`),
  );
}

/** The value that was typed for an option, without parsing; undefined if none was given. */
export function typedValue(argv: readonly string[], name: string): string | undefined {
  const typed = beforeOptionsEnd(argv);
  const at = typed.findIndex((token) => token === `--${name}` || token.startsWith(`--${name}=`));
  const token = typed[at];
  if (token === undefined) return undefined;
  const value = token === `--${name}` ? typed[at + 1] : token.slice(name.length + 3);
  return value === undefined || value === '' || value.startsWith('--') ? undefined : value;
}
