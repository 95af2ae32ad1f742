import fc from 'fast-check';
import { basename } from 'node:path/posix';
import { beforeAll, describe, expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { requestOf } from '../../support/workshop.ts';
import { file, type FileNode } from '../model/tree.ts';
import { openWorld, source, tagOf, type World } from '../model/world.ts';
import { boundEffort, damaged, damages, forgedJson, fuzzing, surviveLater } from './survive.ts';

boundEffort(300_000);

const releaseOf = (files: Record<string, FileNode>) => ({
  one: new Map(Object.entries(files)),
  two: new Map([['a', file('two')]]),
});
const releases = [
  releaseOf({ a: file('first'), 'd/x': file('gone in the second'), same: file('same') }),
  releaseOf({ a: file('second', true), 'e/n': file('new'), same: file('same') }),
];
const victim = '/home/ann/victim';

/** A home in which a second release replaced edits of the first. */
async function livedIn(): Promise<World> {
  const world = openWorld(releases);
  world.fs.raw.writeFileSync(victim, 'nobody may touch this');
  const install = (position: number) =>
    useCasesOf(world.boot().context).install(
      requestOf({
        from: source,
        ids: ['one'],
        release: tagOf(position),
        mode: 'replace',
        backup: true,
        prune: true,
      }),
    );
  await install(0);
  world.edit({ do: 'edit', id: 'one', path: 'a', edit: 'write', text: 'mine' });
  await install(1);
  return world;
}

interface Book {
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
}

let books: readonly Book[] = [];
let before: readonly string[] = [];
let undone: readonly string[] = [];

beforeAll(async () => {
  const world = await livedIn();
  const { raw } = world.fs;
  const { layout } = world;
  const [ref = ''] = raw
    .readdirSync(layout.evidenceDirectory)
    .map((name) => basename(name, '.json'))
    .reverse();
  const { archive, manifest } = layout.snapshots(ref);
  const named = {
    ledger: layout.ledger,
    evidence: layout.evidence(ref),
    record: layout.recordFile('one'),
    manifest,
    archive,
    'displaced intent': `${layout.displaced(ref)}/intent.json`,
  };
  books = Object.entries(named).map(([name, path]) => ({
    name,
    path,
    bytes: raw.readFileSync(path),
  }));
  before = world.exactTreeOf('one');
  await useCasesOf(world.boot().context).rollback({ ref: 'last', through: false, paths: [] });
  undone = world.exactTreeOf('one');
});

async function expectSound(name: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const world = await livedIn();
  const { raw } = world.fs;
  const book = books.find((one) => one.name === name);
  if (book === undefined) throw new Error(`no ${name}`);
  raw.writeFileSync(book.path, change(book.bytes));
  const { history, verify, rollback } = useCasesOf(world.boot().context);
  await surviveLater(() => history());
  await surviveLater(() => verify({ ids: [] }));
  const done = await surviveLater(() => rollback({ ref: 'last', through: false, paths: [] }));
  const operations = done?.accepted.operations.length ?? 0;
  const after = world.exactTreeOf('one');
  // A ledger that lost its last line whole names an earlier operation as the last.
  const first = done?.accepted.operations[0]?.undoes;
  if (operations === 0) expect(after).toEqual(before);
  else if (
    name !== 'ledger' ||
    first === basename(books.find((b) => b.name === 'evidence')?.path ?? '', '.json')
  ) {
    expect(after).toEqual(undone);
  }
  expect(raw.readFileSync(victim, 'utf8')).toBe('nobody may touch this');
}

const numRuns = Math.ceil(fuzzing.numRuns / 20);
const all = ['ledger', 'evidence', 'record', 'manifest', 'archive', 'displaced intent'];

describe.each(all)('a damaged %s', (name) => {
  test('makes a rollback exact or refused, whatever the damage', async () => {
    await fc.assert(
      fc.asyncProperty(damages, (accidents) =>
        expectSound(name, (bytes) => damaged(bytes, accidents)),
      ),
      { ...fuzzing, numRuns },
    );
  });
});

describe.each(all.filter((name) => name !== 'archive' && name !== 'ledger'))(
  'a forged %s',
  (name) => {
    test('makes a rollback exact or refused, whatever it says', async () => {
      const book = books.find((one) => one.name === name);
      const forged = forgedJson(JSON.parse(book?.bytes.toString('utf8') ?? 'null'));
      await fc.assert(
        fc.asyncProperty(forged, (bytes) => expectSound(name, () => bytes)),
        { ...fuzzing, numRuns },
      );
    });
  },
);
