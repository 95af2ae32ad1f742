import { compileOptions, createOptions, registerOptions } from './author-options.ts';
import { discoveryGroup, matchGroup, serveGroup } from './discovery-options.ts';
import { homeGroup, outputGroup } from './global-options.ts';
import type { IdentityCommand } from './invocation.ts';
import type { OptionGroup } from './option.ts';
import { validateOptions } from './validate-options.ts';

/** Options about output that make sense where the output is not ours. */
const servable: readonly string[] = ['help', 'version'];

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

const servedOutput: OptionGroup = {
  ...outputGroup,
  options: outputGroup.options.filter(({ name }) => servable.includes(name)),
};

/** Discovery locks nothing, so there is nothing to wait for. */
const serveOptions: readonly OptionGroup[] = [
  serveGroup,
  { ...homeGroup, options: homeGroup.options.filter(({ name }) => name !== 'wait') },
  servedOutput,
];

const verifyOptions: readonly OptionGroup[] = [verifyGroup, ...identityOptions];

const mcpOptions: readonly OptionGroup[] = [
  {
    title: 'What',
    options: [
      {
        name: 'allow-write',
        kind: 'flag',
        describe: 'offer identity_install and identity_rollback, too',
      },
    ],
  },
  homeGroup,
  servedOutput,
];

/** What each command understands. */
export const commandOptions: Readonly<Record<IdentityCommand, readonly OptionGroup[]>> = {
  list: [discoveryGroup, ...identityOptions],
  show: [discoveryGroup, ...identityOptions],
  match: [matchGroup, discoveryGroup, ...identityOptions],
  verify: verifyOptions,
  validate: validateOptions,
  create: createOptions,
  register: registerOptions,
  activate: identityOptions,
  compile: compileOptions,
  history: identityOptions,
  recover: identityOptions,
  serve: serveOptions,
  mcp: mcpOptions,
  help: identityOptions,
};

/** What any command understands, each once: options may stand before the command is known. */
export const anyCommandOptions: readonly OptionGroup[] = [
  {
    title: 'All',
    options: [
      ...new Map(
        Object.values(commandOptions)
          .flat()
          .flatMap(({ options }) => options)
          // Where one command takes several of what another takes once, several may be typed.
          .sort((left, right) => Number(left.kind === 'list') - Number(right.kind === 'list'))
          .map((option) => [option.name, option]),
      ).values(),
    ],
  },
];
