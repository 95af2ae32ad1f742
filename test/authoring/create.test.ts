import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { create } from '../../src/authoring/create.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { createTestDisk } from '../support/test-disk.ts';
import { catalogPath } from '../../src/protocol/catalog.ts';
import { directoryView, viewBelow } from '../../src/protocol/documents/file-view.ts';
import { createSubject } from '../../src/protocol/contracts/subject/subject.ts';
import { validatePack } from '../../src/protocol/contracts/validate.ts';
import { listPacks } from '../../src/protocol/list-packs.ts';
import { environmentOf } from '../support/environment.ts';
import { Crash, createFailingFileSystem, type Fault } from '../support/failing-file-system.ts';
import { sampled } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const disk = createTestDisk();
const now = new Date('2026-02-22T12:00:00Z');

function createIn(root: string, id: string, fs: FileSystem = disk) {
  return create(
    {
      fs,
      now,
      environment: environmentOf({ workingDirectory: root }),
      randomness: { hex: (bytes) => '0'.repeat(bytes * 2) },
    },
    {
      id,
      title: 'Night watch',
      description: 'Looks after the service while everybody sleeps.',
      objective: 'Find out what woke somebody up.',
      makeDefault: false,
    },
  );
}

/** The packs that the catalog lists, each of which must keep every contract. */
function listedIn(root: string): string[] {
  const view = directoryView(disk, root);
  const { listed } = listPacks(view, catalogPath);
  for (const [id, directory] of listed) {
    const pack = viewBelow(view, directory ?? 'nowhere');
    const subject = createSubject({ id, now, pack, catalog: { path: catalogPath, root: view } });
    expect(validatePack(subject)).toEqual([]);
  }
  return [...listed.keys()];
}

/** What people see: all but the hidden names under which files are written first. */
const seenIn = (root: string) => treeOf(root, (path) => /(?:^|\/)\.identity-/.test(path));

describe.each([
  ['a repository that begins with it', []],
  ['a repository with another identity', ['day-watch']],
])('create in %s', (_name, earlier) => {
  const repository = () => {
    const root = temporaryDirectory();
    for (const id of earlier) createIn(root, id);
    return root;
  };

  test('is done or not done, whichever call of it fails', () => {
    const counting = createFailingFileSystem(disk);
    createIn(repository(), 'night-watch', counting);
    const faults = counting.log.flatMap((call, index): [string, Fault][] => [
      [call, { kind: 'refuse', at: index + 1, errno: 'ENOSPC' }],
      [call, { kind: 'refuse', at: index + 1, errno: 'EACCES' }],
      [call, { kind: 'short', at: index + 1 }],
    ]);
    for (const [call, fault] of sampled(faults, 20)) {
      const root = repository();
      const before = treeOf(root);
      const attempt = () => createIn(root, 'night-watch', createFailingFileSystem(disk, { fault }));
      expect(attempt, call).toThrow();
      expect(treeOf(root), call).toEqual(before);
    }
  });

  test('leaves no half of a pack and lists none that is not whole, wherever it is killed', () => {
    const done = repository();
    const counting = createFailingFileSystem(disk);
    createIn(done, 'night-watch', counting);
    const after = seenIn(done);
    const faults = counting.log.flatMap((call, index) =>
      (['before', 'during', 'after'] as const).map(
        (when) => [call, { kind: 'crash', at: index + 1, when }] as const,
      ),
    );
    const ends = new Set<string>();
    for (const [call, fault] of sampled(faults, 45)) {
      const root = repository();
      const before = seenIn(root);
      const attempt = () => createIn(root, 'night-watch', createFailingFileSystem(disk, { fault }));
      expect(attempt, call).toThrow(Crash);
      const seen = seenIn(root);
      const listed = listedIn(root);
      expect(listed.slice(0, earlier.length)).toEqual(earlier);
      if (listed.includes('night-watch')) expect(seen, call).toEqual(after);
      // Between the pack and its entry: the pack is whole, and nobody lists it.
      const whole = { ...after, [catalogPath]: before[catalogPath] };
      expect([before, after, whole], call).toContainEqual(seen);
      ends.add(JSON.stringify(seen));
    }
    expect(ends.size).toBe(earlier.length === 0 ? 2 : 3);
  });

  test('makes room for another that is created in the same moment', () => {
    const root = repository();
    let interfered = false;
    const between: FileSystem = {
      ...disk,
      inDirectory: (top, directory, act) => {
        // Everything is planned, nothing written yet.
        if (!interfered) {
          interfered = true;
          createIn(root, 'noon-watch');
        }
        return disk.inDirectory(top, directory, act);
      },
    };
    createIn(root, 'night-watch', between);
    expect(listedIn(root)).toEqual([...earlier, 'noon-watch', 'night-watch']);
  });
});

const isRoot = process.getuid?.() === 0;

describe('create', () => {
  test.each<[name: string, make: (root: string) => void]>([
    ['a file called identity', (root) => writeFileSync(join(root, 'identity'), '')],
    [
      'a link to a directory called identity',
      (root) => {
        mkdirSync(join(root, 'elsewhere'));
        symlinkSync('elsewhere', join(root, 'identity'));
      },
    ],
    ['a link to nothing called identity', (root) => symlinkSync('nowhere', join(root, 'identity'))],
    [
      'some of the pack’s files',
      (root) => {
        createIn(root, 'day-watch');
        mkdirSync(join(root, 'identity/packs/night-watch'));
        writeFileSync(join(root, 'identity/packs/night-watch/META.yaml'), 'mine\n');
      },
    ],
    [
      'a link in the place of the pack',
      (root) => {
        createIn(root, 'day-watch');
        symlinkSync('day-watch', join(root, 'identity/packs/night-watch'));
      },
    ],
    [
      'a catalog that is a link',
      (root) => {
        createIn(root, 'day-watch');
        const catalog = join(root, catalogPath);
        writeFileSync(join(root, 'catalog.yaml'), readFileSync(catalog));
        rmSync(catalog);
        symlinkSync('../../catalog.yaml', catalog);
      },
    ],
    [
      'a catalog that is a directory',
      (root) => mkdirSync(join(root, catalogPath), { recursive: true }),
    ],
  ])('writes nothing where there is %s', (_name, make) => {
    const root = temporaryDirectory();
    make(root);
    const before = treeOf(root);
    expect(() => createIn(root, 'night-watch')).toThrow(
      expect.objectContaining({ code: 'E_CREATE_EXISTS' }),
    );
    expect(treeOf(root)).toEqual(before);
  });

  test.skipIf(isRoot)('writes nothing into a directory that may not be written to', () => {
    const root = temporaryDirectory();
    chmodSync(root, 0o555);
    expect(() => createIn(root, 'night-watch')).toThrow('EACCES');
    expect(treeOf(root)).toEqual({ '.': 'd 555' });
  });

  test('adds what is missing of the schemas, and leaves those that are there', () => {
    const root = temporaryDirectory();
    createIn(root, 'day-watch');
    const whole = treeOf(join(root, 'identity/schemas'));
    rmSync(join(root, 'identity/schemas/contracts'), { recursive: true });
    rmSync(join(root, 'identity/schemas/agent.schema.json'));
    createIn(root, 'night-watch');
    expect(treeOf(join(root, 'identity/schemas'))).toEqual(whole);
    expect(listedIn(root)).toEqual(['day-watch', 'night-watch']);
  });
});
