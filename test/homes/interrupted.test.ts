import { describe, expect, it } from 'vitest';
import { digestsOf, homeFixtures, openHomeOf, userTreeOf } from '../support/earlier-homes.ts';
import { homeTree, lostFrom, problemsOf } from '../support/home-state.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What the ledger says of an operation that was settled; a discarded one is not in it. */
const outcomes = { completed: 'done', undone: 'aborted', discarded: undefined };

for (const fixtures of homeFixtures) {
  describe(`a home of ${fixtures.version}`, () => {
    for (const { scenario, trees, verified, history, homes } of fixtures.interrupted) {
      it.each(homes.map((home) => [home.home, home.about, home] as const))(
        'that was interrupted is settled: %s, %s',
        async (name, _about, { settles, recovered }) => {
          const { home, useCases } = openHomeOf(fixtures, scenario, name);
          const settled = await useCases.recover();
          expect(settled.map(({ ref, outcome }) => ({ ref, outcome }))).toEqual(recovered);
          expect(settled.flatMap(({ warnings }) => warnings)).toEqual([]);
          expect(userTreeOf(home)).toEqual(trees[settles]);
          expect(await lostFrom(home, digestsOf(trees.old))).toEqual([]);
          expect(await problemsOf(home)).toEqual([]);

          const { identities } = await useCases.verify({ ids: [] });
          expect(identities.flatMap(({ problems }) => problems)).toEqual([]);
          expect(
            identities.map(({ id, release, files }) => ({ id, tag: release.tag, ...files })),
          ).toEqual(verified[settles]);
          const { operations } = await useCases.history();
          expect(operations.map(({ ref, outcome }) => [ref, outcome])).toEqual([
            ...recovered
              .map(({ ref, outcome }) => [ref, outcomes[outcome]])
              .filter(([, outcome]) => outcome !== undefined),
            ...history.map(({ ref, outcome }) => [ref, outcome]),
          ]);

          const before = homeTree(home);
          expect(await useCases.recover()).toEqual([]);
          expect(homeTree(home)).toEqual(before);

          if (settles === 'old') return;
          await useCases.rollback({ ref: 'last', through: false, paths: [] });
          expect(userTreeOf(home)).toEqual(trees.old);
          expect(await problemsOf(home)).toEqual([]);
        },
      );

      const pending = homes.filter(({ recovered }) =>
        recovered.some(({ outcome }) => outcome !== 'discarded'),
      );
      it.each(pending.map(({ home, about }) => [home, about] as const))(
        'that was interrupted is nothing but that to a verification: %s, %s',
        async (name) => {
          const { home, useCases } = openHomeOf(fixtures, scenario, name);
          const before = homeTree(home);
          const { problems, trust } = await useCases.verifyHome({});
          expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
            ['JOURNAL_PENDING', 'warn'],
          ]);
          expect(trust?.notUndoable).toEqual([]);
          expect(homeTree(home)).toEqual(before);
        },
      );
    }

    it('that was interrupted is verified with a finding and the command that recovers it', async () => {
      const [{ scenario, homes } = expect.fail()] = fixtures.interrupted;
      const { home } = openHomeOf(fixtures, scenario, homes.at(-1)?.home ?? '');
      const person = { directory: temporaryDirectory() };
      const ran = await runInProcess(person, 'identity', 'verify', '--all', '--home', home);
      expect(ran).toMatchObject({ status: 1, stderr: '' });
      expect(ran.stdout).toContain('[JOURNAL_PENDING]');
      expect(ran.stdout).toContain(`recover --home ${home}`);
    });
  });
}
