import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/core/error-codes.ts';
import type { LedgerEntry } from '../../../src/engine/trail/ledger.ts';
import { saying } from '../../support/hint-of.ts';
import { connectClient } from '../../support/mcp.ts';
import { installedScene, refOf, replaceAll, type Scene } from '../../support/scene.ts';
import { treeOf } from '../../support/tree.ts';
import { useCasesOf } from '../../support/use-cases.ts';
import { requestOf } from '../../support/workshop.ts';

/** Two operations: the install of v1.0.0, and the replace by v1.1.0. */
async function openBooks() {
  const scene = await installedScene({ notes: 'one\n' }, { notes: 'two\n' });
  const last = refOf(await scene.run(replaceAll));
  const ledger = scene.state('ledger.jsonl');
  const linesNow = () => readFileSync(ledger, 'utf8').trimEnd().split('\n');
  const editLast = (edit: (line: string) => string) => {
    const lines = linesNow();
    writeFileSync(ledger, `${[...lines.slice(0, -1), edit(lines.at(-1) ?? '')].join('\n')}\n`);
  };
  const first = (JSON.parse(linesNow()[0] ?? '') as LedgerEntry).ref;
  return {
    scene,
    first,
    last,
    ledger,
    evidence: scene.state('evidence', `${last}.json`),
    editLast,
  };
}

type Commands = Readonly<Record<string, () => Promise<unknown>>>;

/** Every command that reads the ledger. */
function commandsOf({ context, from }: Scene, first: string): Commands {
  const { install, rollback, verify, reportVerification, history, register, recover } =
    useCasesOf(context);
  const request = requestOf({ from, ids: ['helper'], offline: true, ...replaceAll });
  return {
    install: () => install(request),
    'install --plan': () => install({ ...request, stopAfter: 'plan' }),
    rollback: () => rollback({ ref: 'helper@last', through: false, paths: [] }),
    'rollback --through': () => rollback({ ref: first, through: true, paths: [] }),
    'rollback --plan': () =>
      rollback({ ref: 'last', through: false, paths: [], stopAfter: 'plan' }),
    history: () => history(),
    verify: () => verify({ ids: [] }),
    'verify --report': () => reportVerification({ ids: [] }),
    register: () => register({ id: 'helper', activate: false }),
    activate: () => register({ id: 'helper', activate: true }),
    recover: () => recover(),
  };
}

const edits: Readonly<Record<keyof LedgerEntry, (first: string) => unknown>> = {
  ref: () => '20991231-235959-abcdef',
  run_id: () => 'run-20200101-000000-abcdef',
  identity_id: () => 'victim',
  operation: () => 'rollback',
  outcome: () => 'aborted',
  at: () => '2020-01-01T00:00:00.000Z',
  summary: () => 'another',
  undoes: (first) => first,
  evidence_sha256: () => '0'.repeat(64),
  previous: () => '0'.repeat(64),
};

type Books = Awaited<ReturnType<typeof openBooks>>;

/** Every command refuses while the file is damaged, and changes nothing. */
async function refusedByAll(
  { scene, first }: Books,
  path: string,
  damage: () => void,
  code: ErrorCode,
) {
  const whole = readFileSync(path);
  damage();
  const before = treeOf(scene.home);
  const commands = Object.entries(commandsOf(scene, first));
  for (const [name, command] of commands) {
    await expect(command(), name).rejects.toMatchObject({ code, exitCode: 6 });
  }
  const { refusal } = await connectClient(scene.context, { allowWrite: true });
  expect(await refusal('identity_status')).toMatchObject({ code });
  const { trust } = await useCasesOf(scene.context).verifyHome({});
  expect(treeOf(scene.home)).toEqual(before);
  writeFileSync(path, whole);
  return trust;
}

test('an edited last line of the ledger is refused by every command, whatever was edited', async () => {
  const books = await openBooks();
  const { first, ledger, editLast } = books;
  for (const [field, edited] of Object.entries(edits)) {
    const damage = () =>
      editLast((line) => {
        const entry = JSON.parse(line) as LedgerEntry;
        return JSON.stringify({ ...entry, [field]: edited(first) });
      });
    const code = field === 'evidence_sha256' ? 'E_EVIDENCE_DAMAGED' : 'E_LEDGER_DAMAGED';
    const trust = await refusedByAll(books, ledger, damage, code);
    expect(trust?.operations, field).toBe(1);
    expect(trust?.notUndoable, field).not.toEqual([]);
  }
}, 120_000);

describe('when the evidence of the last line', () => {
  test('is gone or was edited, every command refuses: nothing proves the line', async () => {
    const books = await openBooks();
    const { first, last, evidence } = books;
    for (const damage of [() => rmSync(evidence), () => appendFileSync(evidence, ' ')]) {
      const trust = await refusedByAll(books, evidence, damage, 'E_EVIDENCE_DAMAGED');
      expect(trust).toMatchObject({ operations: 1, notUndoable: [last, first] });
    }
  });

  test('is gone for good can be given up, as the refusal says', async () => {
    const { scene, ledger, last, evidence } = await openBooks();
    rmSync(evidence);
    const { history, verify } = useCasesOf(scene.context);
    await expect(history()).rejects.toMatchObject({
      remedy: saying(/remove the last line from ledger\.jsonl.*evidence\/.*record\//),
      message: expect.stringContaining(last),
    });
    const [one = ''] = readFileSync(ledger, 'utf8').split('\n');
    writeFileSync(ledger, `${one}\n`);
    renameSync(scene.state('record', 'helper.json'), join(dirname(scene.home), 'record.json'));
    await scene.run();
    expect((await verify({ ids: [] })).identities[0]?.problems).toEqual([]);
    expect((await history()).operations).toHaveLength(2);
  });
});

test('the evidence of an earlier line, when it is gone, stops nothing but the undo of its operation', async () => {
  const { scene, first } = await openBooks();
  rmSync(scene.state('evidence', `${first}.json`));
  const { history, rollback } = useCasesOf(scene.context);
  expect((await history()).operations).toHaveLength(2);
  await scene.undo();
  await expect(rollback({ ref: first, through: true, paths: [] })).rejects.toMatchObject({
    code: 'E_EVIDENCE_DAMAGED',
  });
});

test('one read of evidence is what it costs', async () => {
  const { scene, evidence } = await openBooks();
  const { context } = scene;
  const read: string[] = [];
  const counting = {
    ...context.fs,
    read: (path: string) => {
      read.push(path);
      return context.fs.read(path);
    },
  };
  await useCasesOf({ ...context, fs: counting }).history();
  expect(read.filter((path) => path.includes('/evidence/'))).toEqual([evidence]);
});
