import type { Listing } from './listing.ts';
import { matchIdentities, type Matchable, type MatchResult } from './match-identities.ts';

/**
 * Which identity is activated, and which step of the order decided (docs/protocol.md#activation).
 */
export interface Activation {
  readonly id: string | null;
  readonly by: 'explicit' | 'default' | 'implicit' | 'none';
  /** How the objective was matched, whether or not that decided. */
  readonly match: MatchResult;
}

/**
 * The activation order: the identity named explicitly, then the one that the project chose (its pin
 * selects the root, its catalog the default identity), then the one that matches the objective. If
 * the named or chosen one cannot be used, it is not replaced by a guess.
 */
export function activate(
  listing: Pick<Listing, 'defaultIdentity'>,
  identities: readonly Matchable[],
  wish: { readonly explicit?: string; readonly objective: string },
): Activation {
  const match = matchIdentities(wish.objective, identities);
  const usable = (id: string): string | null =>
    identities.some((identity) => identity.id === id && identity.enabled) ? id : null;
  if (wish.explicit !== undefined) return { id: usable(wish.explicit), by: 'explicit', match };
  const { defaultIdentity } = listing;
  if (defaultIdentity !== null) return { id: usable(defaultIdentity), by: 'default', match };
  return { id: match.chosen, by: match.chosen === null ? 'none' : 'implicit', match };
}
