import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { makeRepository } from '../../support/repository.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';

const entry = (id: string) => `  - id: ${id}
    title: The ${id}
    description: Helps in tests.
    status: inactive
    methodology_version: v1
    pack_path: identity/packs/${id}
`;

function scene() {
  const { path: from } = makeRepository({
    'v1.0.0': {
      'identity/catalog/identities.yaml': `version: "1.0"\ndefault_identity: one\nidentities:\n${entry('one')}${entry('two')}`,
      'identity/packs/one/IDENTITY_PROMPT.md': 'one\n',
      'identity/packs/two/IDENTITY_PROMPT.md': 'two\n',
    },
  });
  const workshop = openWorkshop();
  const catalog = join(workshop.home, 'catalog.local.yaml');
  return {
    from,
    catalog,
    read: () => readFileSync(catalog, 'utf8'),
    ...useCasesOf(workshop.context),
  };
}

test('every identity of one run is registered; undoing the run takes all of it back', async () => {
  const { from, catalog, read, install, rollback } = scene();
  const run = await install(requestOf({ from, all: true, register: true }));
  expect(run.identities.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  expect(read()).toMatch(/instances\/one[^]*instances\/two/);
  await rollback({ ref: run.runId, through: false, paths: [] });
  expect(existsSync(catalog)).toBe(false);
});

test('registering what is registered is nothing to do; comments stay; the undo is exact', async () => {
  const { from, read, install, rollback, catalog } = scene();
  await install(requestOf({ from, ids: ['one'], register: true }));
  writeFileSync(catalog, `# mine\n${read()}`);
  const before = read();
  const again = await install(requestOf({ from, ids: ['one'], register: true }));
  expect(again.identities[0]?.outcome).toBe('nothing-to-do');
  await install(requestOf({ from, ids: ['one'], activate: true }));
  expect(read()).toMatch(/^# mine\n/);
  expect(read()).toMatch(/default_identity: "?one/);
  await rollback({ ref: 'last', through: false, paths: [] });
  expect(read()).toBe(before);
});

test('a rollback never puts the catalog back over what others wrote since', async () => {
  const { from, read, install, rollback } = scene();
  await install(requestOf({ from, ids: ['one'], register: true }));
  await install(requestOf({ from, ids: ['two'], register: true }));
  const both = read();
  const run = await rollback({ ref: 'one@last', through: false, paths: [] });
  expect(run.operations[0]?.plan.actions).toContainEqual(
    expect.objectContaining({ path: 'catalog.local.yaml', kind: 'keep', reason: 'edited-since' }),
  );
  expect(read()).toBe(both);
});

test.each([
  ['bytes that are not valid UTF-8', Buffer.from('# caf\xe9\nidentities: []\n', 'latin1')],
  ['a byte order mark', Buffer.from('\ufeffidentities: []\n')],
])('a catalog with %s is refused, never rewritten', async (_name, bytes) => {
  const { from, catalog, install, register } = scene();
  await install(requestOf({ from, ids: ['one'] }));
  writeFileSync(catalog, bytes);
  const attempts = [
    () => install(requestOf({ from, ids: ['one'], register: true })),
    () => register({ id: 'one', activate: false }),
    () => register({ id: 'one', activate: true }),
  ];
  for (const attempt of attempts) {
    await expect(attempt()).rejects.toMatchObject({ code: 'E_CATALOG_LOCAL' });
    expect(readFileSync(catalog)).toEqual(bytes);
  }
});
