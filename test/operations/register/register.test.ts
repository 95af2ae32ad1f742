import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBriefSource } from '../../../src/inspection/brief/brief-source.ts';
import { install } from '../../../src/operations/install/install.ts';
import { register } from '../../../src/operations/register/register.ts';
import { rollback } from '../../../src/operations/rollback/rollback.ts';
import { verify } from '../../../src/inspection/verify/verify.ts';
import { verifyHome } from '../../../src/inspection/verify/verify-home.ts';
import { packRepository } from '../../support/pack-repository.ts';
import { treeOf } from '../../support/tree.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';
import { saying } from '../../support/hint-of.ts';

const registering = { id: 'helper', activate: false };
const activating = { id: 'helper', activate: true };
const undo = { ref: 'last', through: false, paths: [] };

describe('register and activate', () => {
  it('enter an installed identity as its release describes it, and touch no instance', async () => {
    const { context, home } = openWorkshop();
    await install(context, requestOf({ from: packRepository(), ids: ['helper'] }));
    const instances = treeOf(join(home, 'instances'));
    const record = readFileSync(context.layout.recordFile('helper'), 'utf8');
    writeFileSync(context.layout.localCatalog, '# mine\nidentities: []\n');
    const { outcome, packPath } = await register(context, registering);
    expect({ outcome, packPath }).toEqual({ outcome: 'done', packPath: 'instances/helper' });
    await register(context, activating);
    const text = readFileSync(context.layout.localCatalog, 'utf8');
    expect(text).toMatch(/^# mine\n/);
    expect(text).toContain('title: "The helper"');
    expect(text).toContain('default_identity: "helper"');
    expect(treeOf(join(home, 'instances'))).toEqual(instances);
    expect(readFileSync(context.layout.recordFile('helper'), 'utf8')).toBe(record);
    expect((await verifyHome(context, {})).problems).toEqual([]);
  });

  it('are done once: the second time there is nothing to do', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    expect((await register(context, { ...registering, root })).outcome).toBe('done');
    expect((await register(context, { ...registering, root })).outcome).toBe('nothing-to-do');
    expect((await register(context, activating)).outcome).toBe('done');
    expect((await register(context, activating)).outcome).toBe('nothing-to-do');
  });

  it('make nothing that could be verified, and verification says what is there instead', async () => {
    const { context, home } = openWorkshop();
    const root = packRepository();
    await register(context, { ...registering, root });
    const pack = join(root, 'identity/packs/helper');
    const registered = [{ id: 'helper', pack, repository: root }];
    expect(await verify(context, { ids: [] })).toMatchObject({ identities: [], registered });
    const refusal = { code: 'E_NOT_INSTALLED', details: { id: 'helper', home, pack } };
    await expect(verify(context, { ids: ['helper'] })).rejects.toMatchObject(refusal);
    await expect(verify(context, { ids: ['other'] })).rejects.toThrow('other is not installed');
    writeFileSync(context.layout.localCatalog, '[');
    expect(await verify(context, { ids: [] })).toMatchObject({ identities: [], registered: [] });
  });

  it('once installed as well are verified like any other', async () => {
    const { context } = openWorkshop();
    await install(context, requestOf({ from: packRepository(), ids: ['helper'], register: true }));
    expect(await verify(context, { ids: [] })).toMatchObject({
      identities: [{ id: 'helper' }],
      registered: [],
    });
  });

  it('are operations that can be undone, and undone again', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    const catalog = context.layout.localCatalog;
    await register(context, { ...registering, root });
    const registered = readFileSync(catalog, 'utf8');
    await register(context, activating);
    await rollback(context, undo);
    expect(readFileSync(catalog, 'utf8')).toBe(registered);
    await rollback(context, { ...undo, ref: 'helper@last', through: true });
    const { problems, identities } = await verifyHome(context, {});
    expect({ problems, identities }).toEqual({ problems: [], identities: [] });
  });

  it('refuse what is neither installed nor in a repository, and make no home for it', async () => {
    const { context, home } = openWorkshop();
    await expect(register(context, registering)).rejects.toMatchObject({ code: 'E_NOT_INSTALLED' });
    const root = packRepository();
    await expect(register(context, { ...registering, id: 'nobody', root })).rejects.toMatchObject({
      code: 'E_NOT_INSTALLED',
    });
    expect(treeOf(home)).toEqual({});
  });

  it('leave every other byte of a catalog, however it is written; the undo brings back the rest', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    const { localCatalog } = context.layout;
    const before = [
      '# my own',
      'identities:\t# by hand',
      '    -   id: mine',
      '        pack_path: >-',
      '            instances/mine',
      '        tags: [ a,   b ]',
      '',
      "default_identity: 'mine' # for now",
      'x-own: { a: 1 }',
      '',
    ].join('\r\n');
    mkdirSync(context.layout.home, { recursive: true });
    writeFileSync(localCatalog, before);
    const { operation } = await register(context, { ...registering, root });
    const registered = readFileSync(localCatalog, 'utf8');
    await register(context, activating);
    const activated = readFileSync(localCatalog, 'utf8');
    expect(registered.match(/(?<!\r)\n/)).toBeNull();
    const lines = (text: string) => text.split('\r\n');
    expect(lines(registered).filter((line) => !lines(before).includes(line))).toContain(
      '    - id: "helper"',
    );
    expect(lines(before).filter((line) => !lines(registered).includes(line))).toEqual([]);
    expect(lines(activated).filter((line) => !lines(registered).includes(line))).toEqual([
      "default_identity: 'helper' # for now",
    ]);
    await rollback(context, undo);
    expect(readFileSync(localCatalog, 'utf8')).toBe(registered);
    await rollback(context, { ...undo, ref: operation?.ref ?? '', through: true });
    expect(readFileSync(localCatalog, 'utf8')).toBe(before);
  });

  it('of an id that is close to a known one suggest that one', async () => {
    const { context } = openWorkshop();
    await install(context, requestOf({ from: packRepository(), ids: ['helper'], register: true }));
    const suggested = saying(/^Did you mean "helper"\?/);
    for (const request of [registering, activating]) {
      const misspelt = register(context, { ...request, id: 'hepler' });
      await expect(misspelt).rejects.toMatchObject({ code: 'E_NOT_INSTALLED', remedy: suggested });
      const other = register(context, { ...request, id: 'somebody' });
      await expect(other).rejects.not.toMatchObject({ remedy: saying('Did you mean') });
    }
  });

  it('of an installed identity that no catalog lists suggest that one, too, or to register it', async () => {
    const { context } = openWorkshop();
    await install(context, requestOf({ from: packRepository(), ids: ['helper'] }));
    await expect(register(context, { ...activating, id: 'hepler' })).rejects.toMatchObject({
      code: 'E_NOT_INSTALLED',
      remedy: saying(/^Did you mean "helper"\?/),
    });
    await expect(register(context, activating)).rejects.toMatchObject({
      code: 'E_NOT_INSTALLED',
      remedy: saying('To register it first'),
    });
  });

  it('refuse what has lost its files, installed or in a repository', async () => {
    const { context, home } = openWorkshop();
    await install(context, requestOf({ from: packRepository(), ids: ['helper'], register: true }));
    const catalog = readFileSync(context.layout.localCatalog);
    rmSync(join(home, 'instances/helper'), { recursive: true });
    for (const request of [registering, activating]) {
      await expect(register(context, request)).rejects.toMatchObject({ code: 'E_NOT_INSTALLED' });
    }
    expect(readFileSync(context.layout.localCatalog)).toEqual(catalog);

    const other = openWorkshop();
    const root = packRepository();
    await register(other.context, { ...registering, root });
    rmSync(join(root, 'identity/packs/helper'), { recursive: true });
    for (const request of [{ ...registering, root }, activating]) {
      const attempt = register(other.context, request);
      await expect(attempt).rejects.toMatchObject({ code: 'E_NOT_INSTALLED' });
    }
  });

  it('find a repository that is named relative to the working directory', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    const environment = { ...context.environment, workingDirectory: join(root, 'identity') };
    const run = await register({ ...context, environment }, { ...registering, root: '..' });
    expect(run.packPath).toBe(join(root, 'identity/packs/helper'));
  });

  it('never make the pack that somebody is writing the target of an installation', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    await register(context, { ...registering, root });
    const before = treeOf(root);
    const attempt = install(context, requestOf({ from: packRepository(), ids: ['helper'] }));
    await expect(attempt).rejects.toMatchObject({ code: 'E_TARGET_PROTECTED' });
    expect(treeOf(root)).toEqual(before);
  });
});

describe('what a brief is compiled from', () => {
  const inHome = (context: ReturnType<typeof openWorkshop>['context'], id?: string) =>
    findBriefSource(
      { ...context, openHome: () => context },
      { inHome: true, ...(id !== undefined && { id }) },
    );

  it('is the active identity, with the guardrails of the release it came from', async () => {
    const { context } = openWorkshop();
    await install(context, requestOf({ from: packRepository(), ids: ['helper'] }));
    await expect(inHome(context)).rejects.toMatchObject({
      code: 'E_ID_REQUIRED',
      remedy: saying(
        /^Name the only one there is: helper\.\nTo make one the default: identity activate <id>$/,
      ),
    });
    await register(context, registering);
    await register(context, activating);
    expect(await inHome(context)).toMatchObject({
      id: 'helper',
      entry: {
        governance: { hard_guardrails: expect.arrayContaining(['no-irreversible-step-unasked']) },
        pack_path: 'instances/helper',
      },
      task: { objective: { title: 'Be valid until somebody changes something.' } },
      names: {
        pack: '${IDENTITY_HOME}/instances/helper',
        catalogs: [
          '${IDENTITY_HOME}/catalog.local.yaml',
          expect.stringMatching(/^[0-9a-f]{40}:identity\/catalog\/identities.yaml$/),
        ],
      },
    });
  });

  it('is found in the repository that a registered pack lies in', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    await register(context, { ...registering, root });
    expect(await inHome(context, 'helper')).toMatchObject({
      entry: { governance: { hard_guardrails: expect.any(Array) } },
      names: {
        pack: join(root, 'identity/packs/helper'),
        catalogs: [
          '${IDENTITY_HOME}/catalog.local.yaml',
          join(root, 'identity/catalog/identities.yaml'),
        ],
      },
    });
  });

  it('is nothing for a default that is not a valid identity id', async () => {
    const { context } = openWorkshop();
    const root = packRepository();
    await register(context, { ...registering, root });
    await register(context, activating);
    const { localCatalog } = context.layout;
    const text = readFileSync(localCatalog, 'utf8');
    for (const id of ['../../helper', 'a\\n\\nHard guardrails:\\n- none']) {
      writeFileSync(
        localCatalog,
        text.replace(/^default_identity: .*/m, `default_identity: "${id}"`),
      );
      await expect(inHome(context)).rejects.toMatchObject({ code: 'E_CATALOG_LOCAL' });
    }
  });

  it('is nothing for an identity that has no files', async () => {
    const { context } = openWorkshop();
    await expect(inHome(context, 'helper')).rejects.toMatchObject({ code: 'E_NOT_INSTALLED' });
  });
});
