import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useCasesOf, type UseCases } from '../support/use-cases.ts';
import { createTestDisk } from '../support/test-disk.ts';
import { systemError } from '../../src/platform/system-error.ts';
import { createFailingFileSystem } from '../support/failing-file-system.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { makeRepository } from '../support/repository.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';
import { saying } from '../support/hint-of.ts';

const last = { ref: 'last', through: false, paths: [] };

const looking: [string, (cases: UseCases) => Promise<unknown>, string | undefined][] = [
  ['verify', (cases) => cases.verify({ ids: [] }), 'E_NOT_INSTALLED'],
  ['verify <id>', (cases) => cases.verify({ ids: ['helper'] }), 'E_NOT_INSTALLED'],
  ['history', (cases) => cases.history(), undefined],
  ['recover', (cases) => cases.recover(), undefined],
  ['rollback', (cases) => cases.rollback(last), 'E_REF_UNKNOWN'],
];

test.each(looking)('%s does not make a home that is not there', async (_name, look, code) => {
  const { context, home } = openWorkshop();
  const looked = look(useCasesOf(context));
  if (code === undefined) await looked;
  else await expect(looked).rejects.toMatchObject({ code, message: expect.stringContaining(home) });
  expect(existsSync(home)).toBe(false);
});

const acting: typeof looking = [
  ...looking.filter(([name]) => name !== 'history' && !name.startsWith('verify')),
  ['install', (cases) => cases.install(requestOf({ ids: ['helper'] })), undefined],
];

describe('a home', () => {
  test.each(acting)('that is read-only is not reported as a defect: %s', async (_name, act) => {
    const { context, through } = await installed();
    const fault = { kind: 'refuse', at: 1, errno: 'EROFS', lasting: true } as const;
    const readOnly = through(createFailingFileSystem(createTestDisk(), { fault }));
    const locks = {
      ...context.locks,
      tryLock: (path: string) => {
        throw systemError('EROFS', 'read-only file system', 'open', path);
      },
    };
    await expect(act(useCasesOf({ ...readOnly, locks }))).rejects.toMatchObject({
      code: 'E_HOME_READ_ONLY',
    });
  });

  test('that is read-only is verified all the same, and nothing is written', async () => {
    const { context, through } = await installed();
    const fault = { kind: 'refuse', at: 1, errno: 'EROFS', lasting: true } as const;
    const fs = createFailingFileSystem(createTestDisk(), { fault });
    const tryLock = (path: string) => {
      throw systemError('EROFS', 'read-only file system', 'open', path);
    };
    const cases = useCasesOf({ ...through(fs), locks: { ...context.locks, tryLock } });
    const identity = { id: 'helper', problems: [], report: null };
    expect(await cases.verify({ ids: [] })).toMatchObject({
      readOnly: true,
      identities: [identity],
    });
    expect(await cases.verifyHome({})).toMatchObject({
      locked: false,
      reason: 'E_HOME_READ_ONLY',
      problems: [],
    });
  });

  test('whose ledger may not be read is not reported as a defect either', async () => {
    const { context } = await installed();
    const fs = {
      ...context.fs,
      read: (path: string) => {
        throw systemError('EACCES', 'permission denied', 'open', path);
      },
    };
    await expect(useCasesOf({ ...context, fs }).history()).rejects.toMatchObject({
      code: 'E_HOME_READ_ONLY',
    });
  });
});

describe('a record', () => {
  test('that is gone is not taken for an identity that was never installed', async () => {
    const { context, cases } = await installed();
    rmSync(context.layout.recordFile('helper'));
    for (const ids of [[], ['helper']]) {
      await expect(cases.verify({ ids })).rejects.toMatchObject({ code: 'E_RECORD_DAMAGED' });
    }
  });

  test.each([
    ['gone', (path: string) => rmSync(path)],
    ['damaged and moved away', (path: string) => appendFileSync(path, 'x')],
  ])('that is %s can be had again without losing a file', async (_how, harm) => {
    const { context, cases, prompt, from } = await installed();
    const path = context.layout.recordFile('helper');
    writeFileSync(prompt, 'mine\n');
    harm(path);
    await expect(cases.verify({ ids: [] })).rejects.toMatchObject({
      code: 'E_RECORD_DAMAGED',
      remedy: saying('the next install of the identity writes a new one'),
    });
    rmSync(path, { force: true });
    await cases.install(requestOf({ ids: ['helper'], from }));
    expect((await cases.verify({ ids: [] })).identities[0]?.problems).toEqual([]);
    expect(readFileSync(prompt, 'utf8')).toBe('mine\n');
  });

  test('is not needed for what a rollback removed', async () => {
    const { cases, refs } = await installed();
    await cases.rollback({ ...last, ref: refs[0] ?? '', through: true });
    expect((await cases.verify({ ids: [] })).identities).toEqual([]);
  });
});

describe('a ledger', () => {
  test('that lost its end does not make an earlier operation the last', async () => {
    const { context, cases } = await installed();
    const lines = readFileSync(context.layout.ledger, 'utf8').trimEnd().split('\n');
    truncateSync(context.layout.ledger, Buffer.byteLength(`${lines[0] ?? ''}\n`));
    await expect(cases.rollback(last)).rejects.toMatchObject({ code: 'E_LEDGER_DAMAGED' });
  });

  test('that is gone is not an empty history', async () => {
    const { context, cases } = await installed();
    rmSync(context.layout.ledger);
    await expect(cases.history()).rejects.toMatchObject({ code: 'E_LEDGER_DAMAGED' });
  });
});

test('a rollback of a rollback names what stands again', async () => {
  const { cases, refs } = await installed();
  expect((await cases.rollback(last)).operations[0]?.revives).toBeNull();
  expect((await cases.rollback(last)).operations[0]?.revives).toBe(refs[1]);
});

describe('what stands in the way of a rollback', () => {
  test('is answered with a command that can be typed as it is', async () => {
    const { context, cases, refs } = await installed();
    const { home } = context.layout;
    const [first = '', second = ''] = refs;
    await expect(cases.rollback({ ...last, ref: first })).rejects.toMatchObject({
      remedy: saying(
        `To undo them all, newest first: identity-rollback ${first} --home ${home} --through`,
      ),
    });
    const undone = await cases.rollback(last);
    await expect(cases.rollback({ ...last, ref: second })).rejects.toMatchObject({
      remedy: saying(
        `To do it again: identity-rollback ${undone.operations[0]?.operation?.ref ?? ''} --home ${home}`,
      ),
    });
  });
});

/** A home in which two operations were done. */
async function installed() {
  const workshop = openWorkshop();
  const { path: from } = makeRepository({
    'v1.0.0': helperRelease({ 'IDENTITY_PROMPT.md': 'one\n' }),
    'v1.1.0': helperRelease({ 'IDENTITY_PROMPT.md': 'two\n' }),
  });
  const cases = useCasesOf(workshop.context);
  const runs = [
    await cases.install(requestOf({ from, release: 'v1.0.0' })),
    await cases.install(requestOf({ from, mode: 'merge' })),
  ];
  const refs = runs.map((run) => run.identities[0]?.operation?.ref ?? '');
  const prompt = join(workshop.home, 'instances', 'helper', 'IDENTITY_PROMPT.md');
  return { ...workshop, cases, refs, prompt, from };
}
