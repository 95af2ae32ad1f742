import { exitCodes } from '../core/error-codes.ts';
import { activate } from '../protocol/discovery/activate.ts';
import {
  discoverIdentities,
  type Discovery,
  type DiscoveryContext,
} from '../protocol/discovery/list-identities.ts';
import { unknownIdentity } from '../protocol/unknown-identity.ts';
import type { Command } from './options/invocation.ts';
import type { DiscoveryWish } from './options/discovery-options.ts';
import { renderList, renderMatch, renderShow } from './render/discovery-text.ts';
import type { CommandResult } from './run-command.ts';

export type DiscoveryCommand = Extract<Command, { kind: 'list' | 'show' | 'match' }>;

/** The commands that look for identities. */
export function runDiscovery(command: DiscoveryCommand, context: DiscoveryContext): CommandResult {
  switch (command.kind) {
    case 'list': {
      const data = discover(command.wish, context).map(({ listing }) => listing);
      const broken = data.some(({ errors }) => errors.some(({ severity }) => severity === 'error'));
      return {
        exitCode: broken ? exitCodes.findings : exitCodes.done,
        document: { schema: 'identity-install/list-result@1', data },
        text: (render) => renderList({ data }, render),
      };
    }
    case 'show': {
      const { listing, identity } = find(command.id, discover(command.wish, context));
      const isDefault = listing.defaultIdentity === identity.id;
      const shown = { cwd: listing.cwd, isDefault, identity };
      return {
        exitCode: exitCodes.done,
        document: { schema: 'identity-install/show-result@1', ...shown },
        text: (render) => renderShow(shown, render),
      };
    }
    case 'match': {
      const { objective, id } = command;
      const found = discover(command.wish, context);
      // An explicit selection that is not there is a mistake, not a reason to choose another.
      if (id !== undefined) find(id, found);
      const [{ listing, identities }] = found as [Discovery];
      const explicit = id === undefined ? {} : { explicit: id };
      const { match, ...activated } = activate(listing, identities, { objective, ...explicit });
      const { cwd, errors } = listing;
      const result = { cwd, objective, activated, ...match, errors };
      return {
        exitCode: activated.id === null ? exitCodes.findings : exitCodes.done,
        document: { schema: 'identity-install/match-result@1', ...result },
        text: (render) => renderMatch(result, render),
      };
    }
  }
}

function discover({ cwds, roots }: DiscoveryWish, context: DiscoveryContext): Discovery[] {
  return discoverIdentities({ cwds, extraRoots: roots }, context);
}

/** @throws InstallError E_ID_UNKNOWN */
function find(id: string, discoveries: readonly Discovery[]) {
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
