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
