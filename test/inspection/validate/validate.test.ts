import { outputFileSync } from 'fs-extra/esm';
import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../src/inspection/validate/validate.ts';
import type { ValidateRequest } from '../../../src/inspection/validate/packs-to-validate.ts';
import { install } from '../../../src/operations/install/install.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import { readOnly } from '../../../src/platform/files/read-only.ts';
import { catalogPath } from '../../../src/protocol/catalog.ts';
import { samplePhaseReport } from '../../../src/protocol/contracts/samples/sample-phase-report.ts';
import { environmentOf } from '../../support/environment.ts';
import { packRepository, written } from '../../support/pack-repository.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openWorkshop, requestOf } from '../../support/workshop.ts';
import { saying } from '../../support/hint-of.ts';

const asked: ValidateRequest = { ids: [], contracts: [], inHome: false, now: written };

/** `identity validate` in a directory; it has nothing to do with a home. */
const validateIn = (workingDirectory: string, given: Partial<ValidateRequest> = {}) =>
  validate(
    {
      fs: readOnly(createTestDisk()),
      environment: environmentOf({ workingDirectory }),
      openHome: () => {
        throw new Error('a home was asked for');
      },
    },
    { ...asked, ...given },
  );

const codes = (run: Awaited<ReturnType<typeof validate>>) => ({
  catalog: run.findings.map(({ code }) => code),
  packs: run.identities.map(({ id, findings }) => [id, findings.map(({ code }) => code)]),
});

const edit = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));

describe('validate in a protocol repository', () => {
  it('finds nothing in a valid one, and says what it looked at', async () => {
    const root = packRepository();
    const run = await validateIn(root);
    expect(codes(run)).toEqual({ catalog: [], packs: [['helper', []]] });
    expect(run).toMatchObject({ kind: 'repository', root, catalog: catalogPath });
    expect(run.identities[0]?.pack).toBe('identity/packs/helper');
  });

  it('names files from the working directory, and by absolute paths from elsewhere', async () => {
    const root = packRepository();
    rmSync(join(root, 'identity/packs/helper/TASK_HISTORY.md'));
    const pathFrom = async (directory: string) =>
      (await validateIn(directory, { root })).identities[0]?.findings[0]?.path;
    const inPack = 'identity/packs/helper/TASK_HISTORY.md';
    expect(await pathFrom(root)).toBe(inPack);
    expect(await pathFrom(join(root, '..'))).toBe(`${root.split('/').at(-1) ?? ''}/${inPack}`);
    expect(await pathFrom(join(root, 'identity'))).toBe(join(root, inPack));
  });

  it('says once what is wrong with the catalog of several packs', async () => {
    const root = packRepository();
    edit(join(root, catalogPath), (text) =>
      text
        .replace('default_identity: "helper"', 'default_identity: ""')
        .concat(text.slice(text.indexOf('  - id:')).replace('"helper"', '"second"')),
    );
    const run = await validateIn(root, { contracts: ['catalog'] });
    expect(codes(run)).toEqual({
      catalog: ['CATALOG_VALUE'],
      packs: [
        ['helper', []],
        ['second', []],
      ],
    });
    expect(run.counts).toEqual({ error: 1, warn: 0, info: 0 });
  });

  it('does not list every file of a pack that is missing', async () => {
    const root = packRepository();
    renameSync(join(root, 'identity/packs/helper'), join(root, 'elsewhere'));
    const run = await validateIn(root);
    expect(codes(run)).toEqual({ catalog: ['CATALOG_PACK_MISSING'], packs: [['helper', []]] });
    expect(run.identities[0]?.pack).toBeNull();
  });

  it('looks at every pack although the catalog cannot be read', async () => {
    const root = packRepository();
    writeFileSync(join(root, catalogPath), 'identities: [');
    rmSync(join(root, 'identity/packs/helper/TASK_HISTORY.md'));
    expect(codes(await validateIn(root))).toEqual({
      catalog: ['CATALOG_UNREADABLE'],
      packs: [['helper', ['PACK_FILE_MISSING']]],
    });
  });

  it('does not pass a repository without any pack', async () => {
    const root = packRepository();
    rmSync(join(root, 'identity/packs'), { recursive: true });
    writeFileSync(
      join(root, catalogPath),
      'version: "1.0"\ndefault_identity: ""\nidentities: []\n',
    );
    const run = await validateIn(root);
    expect(run.counts.error).toBeGreaterThan(0);
    await expect(validateIn(root, { root: temporaryDirectory() })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
  });

  it('looks at a pack that the catalog does not list when it is named, and says so', async () => {
    const root = packRepository();
    edit(join(root, catalogPath), (text) => text.replaceAll('"helper"', '"other"'));
    const run = await validateIn(root, { ids: ['helper'] });
    expect(run.findings.map(({ code, severity }) => [code, severity])).toContainEqual([
      'CATALOG_PACK_UNLISTED',
      'warn',
    ]);
    expect(run.identities[0]?.pack).toBe('identity/packs/helper');
  });

  it('refuses an id that is not there, and names the nearest', async () => {
    await expect(validateIn(packRepository(), { ids: ['hepler'] })).rejects.toMatchObject({
      code: 'E_ID_UNKNOWN',
      remedy: saying(/^Did you mean "helper"\? It is the only one there is\.$/),
    });
  });

  it('finds the root of a catalog that is named, and none around a strange one', async () => {
    const root = packRepository();
    const elsewhere = temporaryDirectory();
    const catalog = join(root, catalogPath);
    expect(await validateIn(elsewhere, { catalog })).toMatchObject({ root });
    await expect(validateIn(elsewhere, { catalog, root: elsewhere })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
    await expect(validateIn(elsewhere, { catalog: 'no.yaml' })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
  });

  it('judges freshness by the time that it is given', async () => {
    const root = packRepository();
    const run = await validateIn(root, { now: new Date('2036-01-01T00:00:00Z') });
    expect(run.now).toBe('2036-01-01T00:00:00.000Z');
  });

  it('follows no link out of the pack', async () => {
    const root = packRepository();
    const secret = join(temporaryDirectory({ 'secret.json': '{ "half": ' }), 'secret.json');
    symlinkSync(secret, join(root, 'identity/packs/helper/linked.json'));
    expect((await validateIn(root)).identities[0]?.findings).toMatchObject([
      { code: 'PACK_ENTRY_NO_FILE', path: 'identity/packs/helper/linked.json' },
    ]);
  });
});

describe('validate in a home', () => {
  /** The valid pack, installed. */
  async function installed(from = packRepository()) {
    const workshop = openWorkshop();
    await install(workshop.context, requestOf({ from, ids: ['helper'], register: true }));
    const run = (given: Partial<ValidateRequest> = {}) =>
      validate(
        {
          fs: readOnly(workshop.context.fs),
          environment: workshop.context.environment,
          openHome: () => ({ ...workshop.context, fs: readOnly(workshop.context.fs) }),
        },
        { ...asked, ...given },
      );
    return { ...workshop, run, instance: join(workshop.home, 'instances', 'helper') };
  }

  it('looks at the instances, where the working directory is not a repository', async () => {
    const { run, home, instance } = await installed();
    const done = await run();
    expect(done).toMatchObject({ kind: 'home', root: home });
    expect(codes(done)).toEqual({ catalog: [], packs: [['helper', []]] });
    rmSync(join(instance, 'TASK_HISTORY.md'));
    expect((await run()).identities[0]?.findings[0]).toMatchObject({
      code: 'PACK_FILE_MISSING',
      path: join(instance, 'TASK_HISTORY.md'),
    });
  });

  it.each(['identity/helper', 'identity/packs/helper'])(
    'takes a path below %s for one into the instance, wherever the instance lies',
    async (place) => {
      const { run, instance } = await installed();
      const task = join(instance, 'CURRENT_TASK.json');
      edit(task, (text) => text.replaceAll('"RULEBOOK.jsonl"', `"${place}/RULEBOOK.jsonl"`));
      edit(task, (text) => text.replaceAll('"runtime/logs/', `"${place}/runtime/logs/`));
      const path = async () => (await run({ contracts: ['rulebook'] })).identities[0]?.findings;
      expect(await path()).toEqual([]);
      expect(
        codes(await run({ contracts: ['instance-feedback', 'collaboration-trigger'] })),
      ).toEqual({ catalog: [], packs: [['helper', []]] });
      writeFileSync(join(instance, 'RULEBOOK.jsonl'), '');
      expect(await path()).toContainEqual(
        expect.objectContaining({ path: join(instance, 'RULEBOOK.jsonl'), code: 'RULEBOOK_EMPTY' }),
      );
      edit(task, (text) => text.replaceAll(`${place}/RULEBOOK`, 'identity/somebody/RULEBOOK'));
      expect(await path()).toMatchObject([{ code: 'RULEBOOK_NOT_FOUND' }]);
    },
  );

  it('leaves a link to whoever made it, unless it stands in place of what was installed', async () => {
    const { run, home, instance } = await installed();
    symlinkSync(home, join(instance, 'shortcut'));
    expect(codes(await run()).packs).toEqual([['helper', []]]);
    renameSync(join(instance, 'agents'), join(home, 'agents'));
    symlinkSync(join(home, 'agents'), join(instance, 'agents'));
    expect((await run()).identities[0]?.findings).toMatchObject([
      { code: 'PACK_ENTRY_NO_FILE', path: join(instance, 'agents') },
    ]);
  });

  it('gives contracts the rulebook that was installed, so that it can only have grown', async () => {
    const { context, instance } = await installed();
    const { readRecord } = await import('../../../src/instance/record-file.ts');
    const { baseView } = await import('../../../src/inspection/validate/base-view.ts');
    appendFileSync(join(instance, 'RULEBOOK.jsonl'), '{}\n');
    const record = readRecord(context.fs, context.layout.recordFile('helper'))!;
    const base = await baseView(context, record);
    const now = readFileSync(join(instance, 'RULEBOOK.jsonl'), 'utf8');
    expect(`${Buffer.from(base!.read('RULEBOOK.jsonl')!).toString()}{}\n`).toBe(now);
    rmSync(context.layout.releasesGit, { recursive: true });
    expect(await baseView(context, record)).toBeUndefined();
  });

  it.each([
    ['changed', (file: string) => edit(file, (text) => text.replace('"owner"', '"keeper"'))],
    ['removed', (file: string) => rmSync(file)],
  ])('finds that a phase report was %s since it was installed', async (_name, meddle) => {
    const path = 'runtime/reports/phase/2026-02-22-p7.json';
    const from = packRepository();
    outputFileSync(join(from, 'identity/packs/helper', path), samplePhaseReport());
    const { run, instance } = await installed(from);
    expect(codes(await run())).toEqual({ catalog: [], packs: [['helper', []]] });
    meddle(join(instance, path));
    expect((await run({ contracts: ['phase-report'] })).identities[0]?.findings).toContainEqual(
      expect.objectContaining({ code: 'PHASE_REPORT_REWRITTEN', path: join(instance, path) }),
    );
  });

  it('refuses to call an empty home valid, and an id that is not installed', async () => {
    const { run } = await installed();
    await expect(run({ ids: ['hepler'] })).rejects.toMatchObject({
      code: 'E_NOT_INSTALLED',
      remedy: saying(/^Did you mean "helper"\? It is the only one there is\.$/),
    });
    const { context } = openWorkshop();
    const empty = validate({ ...context, openHome: () => context }, asked);
    await expect(empty).rejects.toMatchObject({ code: 'E_NOT_INSTALLED' });
  });

  it('prefers the home that was named to the repository around', async () => {
    const { context } = openWorkshop();
    const environment = { ...context.environment, workingDirectory: packRepository() };
    const named = validate(
      { ...context, environment, openHome: () => context },
      { ...asked, inHome: true },
    );
    await expect(named).rejects.toMatchObject({ code: 'E_NOT_INSTALLED' });
  });

  it('reads a local catalog that is damaged as an error of the home', async () => {
    const { run, context } = await installed();
    outputFileSync(context.layout.localCatalog, 'identities: 7\n');
    await expect(run()).rejects.toMatchObject({ code: 'E_CATALOG_LOCAL' });
  });
});
