import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InstallError } from '../../../src/core/errors.ts';
import { install } from '../../../src/operations/install/install.ts';
import { rollback } from '../../../src/operations/rollback/rollback.ts';
import { makeRepository } from '../../support/repository.ts';
import { openWorkshop, requestOf, type Workshop } from '../../support/workshop.ts';
import { saying } from '../../support/hint-of.ts';

const ids = ['one', 'two', 'three'];

function familyOf(): Workshop & { readonly from: string; readonly catalog: string } {
  const entry = (id: string) =>
    `  - id: ${id}\n    title: ${id}\n    pack_path: identity/packs/${id}\n`;
  const catalog = `version: "1.0"\ndefault_identity: one\nidentities:\n${ids.map(entry).join('')}`;
  const packs = ids.map((id) => [`identity/packs/${id}/IDENTITY_PROMPT.md`, `I am ${id}\n`]);
  const { path: from } = makeRepository({
    'v1.0.0': { 'identity/catalog/identities.yaml': catalog, ...Object.fromEntries(packs) },
  });
  const workshop = openWorkshop();
  return { ...workshop, from, catalog: join(workshop.home, 'catalog.local.yaml') };
}

test('all identities of a run are registered, and the undo of the run takes that back', async () => {
  const { context, from, catalog, home } = familyOf();
  const run = await install(context, requestOf({ from, all: true, register: true }));
  expect(run.identities.map((one) => one.outcome)).toEqual(['done', 'done', 'done']);
  const registered = readFileSync(catalog, 'utf8');
  expect(ids.filter((id) => registered.includes(`id: "${id}"\n`))).toEqual(ids);
  const again = await install(context, requestOf({ from, all: true, register: true }));
  expect(again.identities.map((one) => one.outcome)).toEqual(Array(3).fill('nothing-to-do'));

  const undone = await rollback(context, { ref: run.runId, through: false, paths: [] });
  expect(existsSync(catalog)).toBe(false);
  expect(ids.filter((id) => existsSync(join(home, 'instances', id)))).toEqual([]);
  await rollback(context, { ref: undone.runId, through: false, paths: [] });
  expect(readFileSync(catalog, 'utf8')).toBe(registered);
});

test('a run that stops half-way leaves what it did, and its undo undoes that', async () => {
  const { context, from, catalog, home } = familyOf();
  let asked = 0;
  const stopping = {
    ...context,
    throwIfInterrupted: () => {
      asked += 1;
      // Each identity is asked for twice: before it begins, and before its marker.
      if (asked === 4) throw new InstallError('E_INTERRUPTED', 'stop', { remedy: 'Again.' });
    },
  };
  const request = requestOf({ from, all: true, register: true });
  await expect(install(stopping, request)).rejects.toMatchObject({
    code: 'E_INTERRUPTED',
    remedy: saying(/^Again\.\nDone before it stopped: one\.\nTo undo that: identity-rollback run-/),
    details: { done: [{ id: 'one' }] },
  });
  expect(ids.filter((id) => existsSync(join(home, 'instances', id)))).toEqual(['one']);
  expect(readFileSync(catalog, 'utf8')).not.toContain('id: "two"');
  const rest = await install(context, request);
  expect(rest.identities.map((one) => one.outcome)).toEqual(['nothing-to-do', 'done', 'done']);
});

test('a catalog that somebody edits between two identities is not overwritten', async () => {
  const { context, from, catalog } = familyOf();
  let asked = 0;
  const editing = {
    ...context,
    throwIfInterrupted: () => {
      asked += 1;
      if (asked === 4) writeFileSync(catalog, `# mine\n${readFileSync(catalog, 'utf8')}`);
    },
  };
  const request = requestOf({ from, all: true, register: true });
  await expect(install(editing, request)).rejects.toMatchObject({ code: 'E_INSTANCE_CHANGED' });
  expect(readFileSync(catalog, 'utf8')).toMatch(/^# mine\n/);
  rmSync(join(context.layout.home, 'instances', 'one'), { recursive: true });
  await install(context, request);
  expect(readFileSync(catalog, 'utf8')).toMatch(/^# mine\n[^]*id: "three"/);
});
