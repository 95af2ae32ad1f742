import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { saying } from '../support/hint-of.ts';
import { homeState } from '../support/hostile-scene.ts';
import { connectClient } from '../support/mcp.ts';
import { diesAtFirstTouch } from '../support/mortal.ts';
import { openScene, refOf, replaceAll, type Scene } from '../support/scene.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';
import { useCasesOf } from '../support/use-cases.ts';
import { requestOf } from '../support/workshop.ts';

/** An instance outside, by the catalog of a home that was in no working tree then. */
async function placedOutside() {
  const scene = openScene({ a: '1' }, { a: '2' });
  const instance = join(temporaryDirectory(), 'helper');
  mkdirSync(scene.home, { recursive: true });
  writeFileSync(
    join(scene.home, 'catalog.local.yaml'),
    `identities:\n  - id: helper\n    pack_path: ${instance}\n`,
  );
  const first = refOf(await scene.run({ release: 'v1.0.0' }));
  expect(readdirSync(instance)).toContain('a');
  return { scene: { ...scene, instance }, first };
}

/** The home is in a working tree now, as if it had come with it. */
function putIntoWorkingTree({ home }: Scene): void {
  mkdirSync(join(dirname(home), '.git'));
}

const treesOf = ({ home, instance }: Scene) => [homeState(home), treeOf(instance)];

test('an instance outside of the working tree of its home is touched by no command', async () => {
  const { scene, first } = await placedOutside();
  putIntoWorkingTree(scene);
  const before = treesOf(scene);
  const { install, rollback, verify, verifyHome, register } = useCasesOf(scene.context);
  const request = requestOf({ from: scene.from, ids: ['helper'] });
  const code = 'E_NOT_TRUSTED';
  const remedy = saying('give --home');
  await expect(install(request)).rejects.toMatchObject({ code, remedy, exitCode: 3 });
  await expect(install({ ...request, ...replaceAll })).rejects.toMatchObject({ code });
  await expect(rollback({ ref: first, through: false, paths: [] })).rejects.toMatchObject({ code });
  await expect(verify({ ids: [] })).rejects.toMatchObject({ code });
  await expect(register({ id: 'helper', activate: true })).rejects.toMatchObject({ code });
  const { refusal } = await connectClient(scene.context, { allowWrite: true });
  expect(await refusal('identity_status')).toMatchObject({ code });
  expect(await refusal('identity_rollback', { ref: first })).toMatchObject({ code });
  const { problems, trust } = await verifyHome({});
  expect(problems.map((problem) => problem.code)).toEqual(['NOT_TRUSTED']);
  expect(trust?.notUndoable).toEqual([first]);
  expect(treesOf(scene)).toEqual(before);
});

test('and neither is one that an interrupted operation was about to change', async () => {
  const { scene } = await placedOutside();
  await diesAtFirstTouch(scene, (context) => scene.run(replaceAll, context));
  expect(readdirSync(scene.state('journal'))).toHaveLength(1);
  putIntoWorkingTree(scene);
  const before = treesOf(scene);
  const { recover } = useCasesOf(scene.context);
  await expect(recover()).rejects.toMatchObject({ code: 'E_JOURNAL_DAMAGED' });
  expect(treesOf(scene)).toEqual(before);
});
