import { InstallError } from '../../core/errors.ts';
import type { OptionGroup } from './option.ts';
import type { Arguments } from './read-arguments.ts';

/** Where a command looks for identities. */
export interface DiscoveryWish {
  /** None: the working directory. */
  readonly cwds: readonly string[];
  readonly roots: readonly string[];
  readonly parents: boolean;
}

const rootOptions: OptionGroup['options'] = [
  {
    name: 'root',
    kind: 'list',
    value: '<dir>',
    describe: 'look there, too, after the project; may be given several times',
  },
  {
    name: 'parents',
    kind: 'flag',
    describe: 'look in the git repositories above the directory, too',
  },
];

export const discoveryGroup: OptionGroup = {
  title: 'Identities of',
  options: [
    {
      name: 'cwd',
      kind: 'list',
      value: '<dir>',
      describe: 'a project directory; default: this one; "list" takes several',
    },
    ...rootOptions,
  ],
};

/** A server is told the directories with each request. */
export const serveGroup: OptionGroup = { title: 'Identities of', options: rootOptions };

export const matchGroup: OptionGroup = {
  title: 'What',
  options: [
    {
      name: 'identity',
      kind: 'value',
      value: '<id>',
      describe: 'the identity that was selected explicitly: it goes before everything else',
    },
  ],
};

export function readDiscovery(given: Arguments): DiscoveryWish {
  return { cwds: given.list('cwd'), roots: given.list('root'), parents: given.flag('parents') };
}

/** @throws InstallError E_USAGE for more than one project */
export function readOneProject(command: string, given: Arguments): DiscoveryWish {
  const wish = readDiscovery(given);
  if (wish.cwds.length < 2) return wish;
  throw new InstallError('E_USAGE', `"identity ${command}" looks at one project at a time.`, {
    remedy: 'Give --cwd once; "identity list" takes several.',
    details: { option: 'cwd', values: wish.cwds },
  });
}
