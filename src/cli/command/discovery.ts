import { InstallError } from '../../core/errors.ts';
import {
  discoverIdentities,
  type DiscoveredIdentity,
  type Discovery,
} from '../../protocol/discovery/list-identities.ts';
import { unknownIdentity } from '../../protocol/unknown-identity.ts';
import type { OptionGroup } from '../options/option.ts';
import type { Arguments } from '../options/arguments.ts';
import type { Setting } from './command.ts';

/** Where a command searches for identities. */
export interface DiscoveryWish {
  /** Empty: the working directory. */
  readonly cwds: readonly string[];
  readonly roots: readonly string[];
  readonly parents: boolean;
}

const rootOptions: OptionGroup['options'] = [
  {
    name: 'root',
    kind: 'list',
    value: '<dir>',
    describe: 'also search there, after the project; may be given several times',
  },
  {
    name: 'parents',
    kind: 'flag',
    describe: 'also search the git repositories above the directory',
  },
];

function groupOf(describe: string): OptionGroup {
  const project = { name: 'cwd', kind: 'list', value: '<dir>', describe } as const;
  return { title: 'Identities of', options: [project, ...rootOptions] };
}

export const oneProjectGroup = groupOf('a project directory; default: this one');

export const projectsGroup = groupOf(
  'a project directory; may be given several times; default: this one',
);

/** A server receives the directories with each request. */
export const serveGroup: OptionGroup = { title: 'Identities of', options: rootOptions };

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

/** What every requested project finds. */
export async function discover(
  wish: DiscoveryWish,
  { composition }: Setting,
): Promise<readonly Discovery[]> {
  const context = await composition.discovery(wish);
  return discoverIdentities({ cwds: wish.cwds, extraRoots: wish.roots }, context);
}

/** @throws InstallError E_ID_UNKNOWN */
export function findIdentity(
  id: string,
  discoveries: readonly Discovery[],
): { readonly listing: Discovery['listing']; readonly identity: DiscoveredIdentity } {
  for (const { listing, identities } of discoveries) {
    const identity = identities.find((each) => each.id === id);
    if (identity !== undefined) return { listing, identity };
  }
  const ids = discoveries.flatMap(({ identities }) => identities.map((each) => each.id));
  throw unknownIdentity(id, ids, {
    none: 'No identity was found at all; name the places to look in with --root.',
    more: '"identity list" shows them and what could not be used.',
  });
}
