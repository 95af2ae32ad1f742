import { homeGroup, outputGroup } from './global-options.ts';
import type { OptionGroup } from './option.ts';

/** What all commands of `identity` understand. */
export const identityOptions: readonly OptionGroup[] = [homeGroup, outputGroup];

const verifyGroup: OptionGroup = {
  title: 'What',
  options: [
    {
      name: 'all',
      kind: 'flag',
      describe: 'everything in the home, and what of it can still be trusted',
    },
    {
      name: 'expect-head',
      kind: 'value',
      value: '<sha256>',
      describe: 'a head of the ledger that was noted earlier; exit 6 when it is not in it',
    },
  ],
};

/** What `identity verify` understands besides. */
export const verifyOptions: readonly OptionGroup[] = [verifyGroup, ...identityOptions];

/** The names of options that only `identity verify` has. */
export const verifyOnly: readonly string[] = verifyGroup.options.map(({ name }) => name);
