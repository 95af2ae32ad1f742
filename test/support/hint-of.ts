import { remedyText } from '../../src/cli/render/remedy-text.ts';
import type { InstallError } from '../../src/core/errors.ts';
import type { Remedy } from '../../src/core/remedy.ts';

/** What the command line says to do about an error, where programs go by their bare names. */
export function hintOf({ remedy }: Pick<InstallError, 'remedy'>): string | undefined {
  return remedy && remedyText(remedy, { launcher: (program) => program });
}

/**
 * Matches a remedy by its words on the command line; stands where `expect.stringContaining` would.
 *
 * @param expected a part of the words, or a pattern
 */
export function saying(expected: string | RegExp): unknown {
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch(remedy: Remedy | undefined): boolean {
      const said = hintOf({ remedy });
      if (said === undefined) return false;
      return typeof expected === 'string' ? said.includes(expected) : expected.test(said);
    },
    toString: () => 'saying',
    toAsymmetricMatcher: () => `saying<${String(expected)}>`,
  };
}
