import { describe, expect, it } from 'vitest';
import {
  digestsOf,
  homeFixtures,
  openHomeOf,
  userTreeOf,
  type HomeTree,
} from '../support/earlier-homes.ts';
import { homeTree, lostFrom, problemsOf } from '../support/home-state.ts';
import { requestOf } from '../support/workshop.ts';

const merge = { ids: ['helper'], mode: 'merge', release: 'v1.3.0' } as const;
const last = { ref: 'last', through: false, paths: [] } as const;

/** What a tree has that the other has not, or has otherwise. */
function differencesOf(tree: HomeTree, other: HomeTree): HomeTree {
  return Object.fromEntries(Object.entries(tree).filter(([path, line]) => other[path] !== line));
}

for (const fixtures of homeFixtures) {
  const { steps, verified, history } = fixtures.life;

  describe(`a home of ${fixtures.version} that lived long`, () => {
    it('is verified, with what that version saw in it, and nothing in it changes', async () => {
      const { home, useCases } = openHomeOf(fixtures, 'life');
      const before = homeTree(home);
      const { identities, problems, trust } = await useCases.verifyHome({});
      expect(problems).toEqual([]);
      expect(trust).toMatchObject({ operations: history.length, notUndoable: [] });
      expect(
        identities.map(({ id, release, files }) => ({ id, tag: release?.tag, ...files })),
      ).toEqual(verified);
      expect(await useCases.recover()).toEqual([]);
      expect(homeTree(home)).toEqual(before);
    });

    it('has its history', async () => {
      const { useCases } = openHomeOf(fixtures, 'life');
      const { operations } = await useCases.history();
      const told = operations.map(({ ref, id, operation, outcome, undoneBy }) => {
        return { ref, id, operation, outcome, undoneBy };
      });
      expect(told).toEqual(history);
    });

    it('is undone step by step, back to what stood there before each', async () => {
      const { home, useCases } = openHomeOf(fixtures, 'life');
      const undone: string[] = [];
      const edits: Record<string, string> = {};
      for (const [index, { name, ref, tree }] of [...steps.entries()].reverse()) {
        const before = steps[index - 1]?.tree;
        if (ref === null || before === undefined) continue;
        if (history.find((operation) => operation.ref === ref)?.outcome === 'aborted') {
          // What the user wrote while it ran is all that it left, and no undo takes that away.
          Object.assign(edits, differencesOf(tree, before));
          continue;
        }
        await useCases.rollback({ ref, through: false, paths: [] });
        expect(userTreeOf(home), name).toEqual({ ...before, ...edits });
        undone.push(name);
      }
      expect(undone).toEqual(['activated', 'registered', 'rolled back', 'replaced', 'merged']);
      expect(Object.keys(edits)).toEqual(['instances/helper/tools/check.sh']);
      // All but what the user overwrote: the second step is the edits.
      for (const { tree } of steps.slice(1)) {
        expect(await lostFrom(home, digestsOf(tree))).toEqual([]);
      }
      expect((await useCases.verifyHome({})).problems).toEqual([]);
    });

    it('is undone to the end, and only what is the user’s stays', async () => {
      const { home, useCases } = openHomeOf(fixtures, 'life');
      const before = userTreeOf(home);
      const { operations } = await useCases.history();
      await useCases.rollback({ ref: operations.at(-1)?.ref ?? '', through: true, paths: [] });
      const after = userTreeOf(home);
      const own = verified.flatMap(({ id, localOnly }) =>
        localOnly.map((path) => `instances/${id}/${path}`),
      );
      expect(own.length).toBeGreaterThan(0);
      for (const path of own) expect(after[path], path).toBe(before[path]);
      expect(after['instances/helper/rules/same.md']).toBeUndefined();
      expect(await lostFrom(home, digestsOf(before))).toEqual([]);
      expect(await problemsOf(home)).toEqual([]);
    });

    it('is upgraded by a merge, and that is undone', async () => {
      const { home, useCases } = openHomeOf(fixtures, 'life');
      const before = userTreeOf(home);
      const { identities, recovered } = await useCases.install(
        requestOf({ ...merge, from: fixtures.releases }),
      );
      expect(recovered).toEqual([]);
      expect(identities.map(({ outcome }) => outcome)).toEqual(['done']);
      const after = userTreeOf(home);
      const at = (path: string) => `instances/helper/${path}`;
      for (const { modified, localOnly } of verified) {
        const theirs = [...modified, ...localOnly].map(at);
        for (const path of theirs) expect(after[path]).toBe(before[path]);
      }
      expect(after[at('IDENTITY_PROMPT.md')]).not.toBe(before[at('IDENTITY_PROMPT.md')]);
      expect(after[at('rules/more.md')]).toBeDefined();
      const { problems, identities: found } = await useCases.verifyHome({});
      expect(problems).toEqual([]);
      expect(found.map(({ release }) => release?.tag)).toEqual(['v1.3.0', 'v1.0.0']);

      await useCases.rollback(last);
      expect(userTreeOf(home)).toEqual(before);
      expect((await useCases.verifyHome({})).problems).toEqual([]);
    });
  });

  it(`an interrupted home of ${fixtures.version} is settled by the install that upgrades it`, async () => {
    const [interrupted = expect.fail()] = fixtures.interrupted;
    const { scenario, homes, trees } = interrupted;
    const { home: name, recovered, settles } = homes.at(-1) ?? expect.fail();
    const { home, useCases } = openHomeOf(fixtures, scenario, name);
    const run = await useCases.install(requestOf({ ...merge, from: fixtures.releases }));
    expect(run.recovered.map(({ ref, outcome }) => ({ ref, outcome }))).toEqual(recovered);
    expect(userTreeOf(home)['instances/helper/rules/more.md']).toBeDefined();
    expect(await lostFrom(home, digestsOf(trees.old))).toEqual([]);
    expect(await problemsOf(home)).toEqual([]);
    await useCases.rollback(last);
    expect(userTreeOf(home)).toEqual(trees[settles]);
  });
}
