import type { ListedIdentity } from './listing.ts';
import { indexTerms, termsOf, type TermIndex } from './terms.ts';

/** The fields of an identity that an objective is compared with, and their weights. */
const fields = {
  title: 1,
  tags: 1,
  description: 0.8,
  defaultPrompt: 0.6,
} as const;
type Field = keyof typeof fields;

/** An identity with a lower score does not match the objective. */
export const leastScore = 0.2;

/** An identity that can be matched; tags come from its catalog entry. */
export type Matchable = Pick<
  ListedIdentity,
  'id' | 'title' | 'description' | 'enabled' | 'policy' | 'interface'
> & { readonly tags: readonly string[] };

/** One term of the objective that an identity has, too. */
export interface MatchedTerm {
  readonly term: string;
  /** The term of the identity that it matched. */
  readonly by: string;
  readonly field: Field;
  /** What it adds to the score. */
  readonly points: number;
}

export interface Match {
  readonly id: string;
  /** 0 to 1, to four digits: how much of the objective the identity covers. */
  readonly score: number;
  readonly priority: number;
  /** Whether this objective may activate it, or why not. */
  readonly eligible: boolean;
  readonly reason: 'eligible' | 'not-enabled' | 'implicit-activation-off' | 'too-different';
  /** Highest weight first. */
  readonly terms: readonly MatchedTerm[];
}

export interface MatchResult {
  /** Every identity, those that may be activated first, in the order of the conflict rule. */
  readonly matches: readonly Match[];
  /** What would be activated; null for nothing, or if people have to decide. */
  readonly chosen: string | null;
  /** The rule of the identity that matches the objective best; null without candidates. */
  readonly conflictResolution: string | null;
}

/**
 * Implicit activation (docs/discovery.md#which-identity-is-activated): which identities match an
 * objective, and which of them it activates. The same input gives the same output, on every
 * machine.
 *
 * The score is the weighted share of the objective's terms that the identity has, too. A term that
 * fewer identities have weighs more: ln(1 + N / n), with n at least 1. It counts fully in title,
 * display name, id and tags, 0.8 in the descriptions, 0.6 in the default prompt, and if only the
 * beginning of a word is shared, by that share.
 *
 * Candidates are enabled, allow implicit activation and score at least 0.2. If there are several,
 * the `conflictResolution` of the best match says how to choose: by priority and then score, by
 * score and then priority, or not at all (`manual_review`). Ties are broken by id.
 */
export function matchIdentities(objective: string, identities: readonly Matchable[]): MatchResult {
  const wanted = termsOf(objective);
  const met = identities.map((identity) => ({ identity, best: termsMet(wanted, identity) }));
  const weights = new Map(
    wanted.map((term) => {
      const having = met.filter(({ best }) => best.has(term)).length;
      return [term, Math.log(1 + identities.length / Math.max(1, having))];
    }),
  );
  const total = wanted.reduce((sum, term) => sum + (weights.get(term) ?? 0), 0);
  const matches = met.map(({ identity, best }): Match => {
    let points = 0;
    const terms = [...best].map(([term, { by, field, degree }]): MatchedTerm => {
      const share = (degree * (weights.get(term) ?? 0)) / total;
      points += share;
      return { term, by, field, points: rounded(share) };
    });
    terms.sort((a, b) => b.points - a.points || order(a.term, b.term));
    const score = rounded(points);
    const reason = reasonOf(identity, score);
    const { id, policy } = identity;
    const eligible = reason === 'eligible';
    return { id, score, priority: policy.activationPriority, eligible, reason, terms };
  });
  return { ...choose(matches, identities) };
}

function choose(matches: readonly Match[], identities: readonly Matchable[]): MatchResult {
  const byScore = (a: Match, b: Match): number => b.score - a.score;
  const byPriority = (a: Match, b: Match): number => b.priority - a.priority;
  const byId = (a: Match, b: Match): number => order(a.id, b.id);
  const objectiveFirst = (a: Match, b: Match): number =>
    byScore(a, b) || byPriority(a, b) || byId(a, b);
  const priorityFirst = (a: Match, b: Match): number =>
    byPriority(a, b) || byScore(a, b) || byId(a, b);

  const candidates = matches.filter(({ eligible }) => eligible).sort(objectiveFirst);
  const others = matches.filter(({ eligible }) => !eligible).sort(objectiveFirst);
  const [nearest] = candidates;
  const rule = identities.find(({ id }) => id === nearest?.id)?.policy.conflictResolution ?? null;
  if (rule === 'priority_then_objective') candidates.sort(priorityFirst);
  const undecided = rule === 'manual_review' && candidates.length > 1;
  return {
    matches: [...candidates, ...others],
    chosen: undecided ? null : (candidates[0]?.id ?? null),
    conflictResolution: rule,
  };
}

function reasonOf(identity: Matchable, score: number): Match['reason'] {
  if (!identity.enabled) return 'not-enabled';
  if (!identity.policy.allowImplicitActivation) return 'implicit-activation-off';
  return score >= leastScore ? 'eligible' : 'too-different';
}

type Index = readonly (readonly [field: Field, weight: number, terms: TermIndex])[];

function indexOf({ id, title, description, tags, interface: shown }: Matchable): Index {
  const texts: Readonly<Record<Field, readonly (string | undefined)[]>> = {
    title: [title, shown.displayName, id],
    tags,
    description: [description, shown.shortDescription],
    defaultPrompt: [shown.defaultPrompt],
  };
  return (Object.keys(fields) as Field[]).map((field) => [
    field,
    fields[field],
    indexTerms(texts[field].flatMap((text) => termsOf(text ?? ''))),
  ]);
}

interface MetTerm {
  readonly field: Field;
  readonly by: string;
  readonly degree: number;
}

/** Those terms that the identity has, too, in the order given. */
function termsMet(wanted: readonly string[], identity: Matchable): ReadonlyMap<string, MetTerm> {
  const index = indexOf(identity);
  const met = wanted.map((term) => [term, bestField(index, term)] as const);
  return new Map(met.flatMap(([term, best]) => (best === undefined ? [] : [[term, best]])));
}

/** Where a term counts most; undefined if the identity does not have it. */
function bestField(index: Index, term: string): MetTerm | undefined {
  const met = index.map(([field, weight, terms]) => {
    const { by, degree } = terms.meet(term);
    return { field, by, degree: degree * weight };
  });
  const best = met.reduce((most, each) => (each.degree > most.degree ? each : most));
  return best.degree === 0 ? undefined : best;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
