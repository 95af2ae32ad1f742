import { describe, expect, test } from 'vitest';
import { activate } from '../../../src/protocol/discovery/activate.ts';
import {
  leastScore,
  matchIdentities,
  type Matchable,
} from '../../../src/protocol/discovery/match-identities.ts';
import { termsOf } from '../../../src/protocol/discovery/terms.ts';

interface Given extends Partial<Omit<Matchable, 'policy'>> {
  readonly policy?: Partial<Matchable['policy']>;
}

function identity(id: string, { policy, ...given }: Given = {}): Matchable {
  return {
    id,
    title: '',
    description: '',
    enabled: true,
    tags: [],
    interface: {},
    ...given,
    policy: {
      allowImplicitActivation: true,
      activationPriority: 50,
      conflictResolution: 'priority_then_objective',
      ...policy,
    },
  };
}

const shop = identity('store-manager', {
  title: '微信小店店长',
  description: '负责商品上架、审核修复与合规增长',
});
const reviewer = identity('code-reviewer', {
  title: 'Code Reviewer',
  description: 'Reads a change the way its callers will',
});

describe('terms', () => {
  test.each([
    ['Review the PULL-request, 2 times', ['review', 'pull', 'request', 'times']],
    ['商品审核', ['商品', '品审', '审核']],
    ['ＡＰＩ接口v2', ['api', '接口', 'v2']],
    ['审', ['审']],
    ['Überprüfung naïve', ['überprüfung', 'naïve']],
    ['the of and', []],
    ['', []],
  ])('of "%s"', (text, terms) => {
    expect(termsOf(text)).toEqual(terms);
  });

  test('of an endless text are bounded', () => {
    expect(termsOf('审核商品'.repeat(1_000_000)).length).toBeLessThan(10);
    expect(termsOf('a'.repeat(10_000_000))).toHaveLength(1);
  });
});

describe('an objective', () => {
  test('in Chinese finds the identity that is described in Chinese', () => {
    const { chosen, matches } = matchIdentities('修复商品审核', [reviewer, shop]);
    expect(chosen).toBe('store-manager');
    expect(matches[1]).toMatchObject({ id: 'code-reviewer', score: 0, reason: 'too-different' });
  });

  test('meets a word by its beginning, and says so', () => {
    const { matches } = matchIdentities('review', [reviewer, shop]);
    expect(matches[0]).toMatchObject({
      id: 'code-reviewer',
      score: 0.75,
      terms: [{ term: 'review', by: 'reviewer', field: 'title', points: 0.75 }],
    });
  });

  test('weighs what few identities have more than what all of them have', () => {
    const [first, second] = ['alpha', 'bravo'].map((tag) =>
      identity(tag, { tags: ['common', tag] }),
    );
    const { matches } = matchIdentities('common alpha', [first!, second!]);
    expect(matches[0]).toMatchObject({ id: 'alpha', score: 1 });
    expect(matches[1]!.score).toBeLessThan(0.5);
    expect(matches[1]!.score).toBeGreaterThan(0);
  });

  test('that is met in full scores 1 and no more, whatever its terms add up to', () => {
    const words = 'alpha bravo charlie delta echoes foxtrot golfing';
    const [match] = matchIdentities(words, [identity('ab', { title: words })]).matches;
    expect(match).toMatchObject({ score: 1 });
    expect(match?.terms).toHaveLength(7);
  });

  test('without a single term matches nothing', () => {
    const { chosen, matches } = matchIdentities('?!', [reviewer, shop]);
    expect(chosen).toBeNull();
    expect(matches.map(({ score }) => score)).toEqual([0, 0]);
  });

  test('gives the same result in whatever order the identities come', () => {
    const all = ['aa', 'bb', 'cc'].map((id) => identity(id, { tags: ['ship', id] }));
    const forward = matchIdentities('ship it', all);
    expect(matchIdentities('ship it', all.toReversed())).toEqual(forward);
    expect(forward.chosen).toBe('aa');
  });
});

describe('policy', () => {
  test('keeps out what is not enabled or only activated explicitly, whatever the score', () => {
    const off = identity('off', { title: 'ship', enabled: false });
    const shy = identity('shy', { title: 'ship', policy: { allowImplicitActivation: false } });
    const { chosen, matches } = matchIdentities('ship', [off, shy]);
    expect(chosen).toBeNull();
    expect(matches.map(({ reason }) => reason)).toEqual(['not-enabled', 'implicit-activation-off']);
  });

  test.each([
    ['priority_then_objective', 'high'],
    ['objective_then_priority', 'near'],
    ['manual_review', null],
  ])('%s of the most similar identity chooses %s', (conflictResolution, chosen) => {
    const near = identity('near', {
      title: 'ship release',
      policy: { conflictResolution, activationPriority: 10 },
    });
    const high = identity('high', {
      description: 'release',
      policy: { activationPriority: 90 },
    });
    const result = matchIdentities('ship release', [near, high]);
    expect(result.matches.every(({ score }) => score >= leastScore)).toBe(true);
    expect(result).toMatchObject({ chosen, conflictResolution });
  });

  test('manual_review is no obstacle where there is nothing to choose from', () => {
    const only = identity('only', {
      title: 'ship',
      policy: { conflictResolution: 'manual_review' },
    });
    expect(matchIdentities('ship', [only, shop]).chosen).toBe('only');
  });
});

describe('activation', () => {
  const all = [reviewer, shop, identity('asleep', { enabled: false })];
  const objective = 'review';

  test.each([
    [
      'explicit selection goes first',
      'store-manager',
      'code-reviewer',
      'store-manager',
      'explicit',
    ],
    ['then the default of the project', undefined, 'store-manager', 'store-manager', 'default'],
    ['then the objective', undefined, null, 'code-reviewer', 'implicit'],
    [
      'a selection that is not active has no substitute',
      'asleep',
      'store-manager',
      null,
      'explicit',
    ],
    ['a default that is not active has no substitute', undefined, 'asleep', null, 'default'],
  ])('%s', (_what, explicit, defaultIdentity, id, by) => {
    const wish = { objective, ...(explicit === undefined ? {} : { explicit }) };
    expect(activate({ defaultIdentity }, all, wish)).toMatchObject({ id, by });
  });

  test('nothing that matches activates nothing', () => {
    const none = activate({ defaultIdentity: null }, all, { objective: 'zzz' });
    expect(none).toMatchObject({ id: null, by: 'none' });
  });
});
