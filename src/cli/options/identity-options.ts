import { discoveryGroup, matchGroup, serveGroup } from './discovery-options.ts';
import { homeGroup, outputGroup } from './global-options.ts';
import type { IdentityCommand } from './invocation.ts';
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

/** What each command of `identity` understands. */
export const commandOptions: Readonly<Record<IdentityCommand, readonly OptionGroup[]>> = {
  list: [discoveryGroup, ...identityOptions],
  show: [discoveryGroup, ...identityOptions],
  match: [matchGroup, discoveryGroup, ...identityOptions],
  serve: [serveGroup, ...identityOptions],
  verify: [verifyGroup, ...identityOptions],
  history: identityOptions,
  recover: identityOptions,
  help: identityOptions,
};

/** What the parser has to know before it knows the command: every option of all of them, once. */
export const everyOption: readonly OptionGroup[] = [
  verifyGroup,
  matchGroup,
  discoveryGroup,
  ...identityOptions,
];
