import fc from 'fast-check';
import type { InstallStep, Releases, UndoStep } from './home.ts';
import type { Id } from './model.ts';
import { file, isBelow, type FileNode } from './tree.ts';

/** What somebody does to an instance while no command runs. */
export interface EditStep {
  readonly do: 'edit';
  readonly id: Id;
  readonly path: string;
  readonly edit:
    | 'write'
    | 'append'
    | 'toggle executable'
    | 'delete'
    | 'make directory'
    | 'make link'
    | 'delete instance';
  /** Written or appended. */
  readonly text: string;
}

/** A command whose process dies at its n-th mutating call; the next command recovers it. */
export interface CrashStep {
  readonly do: 'crash';
  readonly command: InstallStep | UndoStep;
  readonly at: number;
  readonly when: 'before' | 'during' | 'after';
}

export interface ClockStep {
  readonly do: 'let time pass';
  readonly milliseconds: number;
}

export type Step =
  InstallStep | UndoStep | EditStep | CrashStep | ClockStep | { readonly do: 'verify' };

/** Few enough that steps meet at the same paths, and both a file and a directory by one name. */
const shippedPaths = [
  'IDENTITY_PROMPT.md',
  'a',
  'b',
  'd',
  'd/x',
  'd/y',
  'd/e/z',
  'f',
  'f/g',
  'f/h',
  'TASK_HISTORY.md',
  'runtime/logs/l',
];
const localPaths = ['own', 'own/note', 'd/mine', 'd/e', 'd/e/mine', 'f/i/j', 'runtime'];
const keepable = ['a', 'f/h', 'd/x', 'd/new'];

const content = fc.constantFrom('A', 'B', 'C');
const shipped = fc.record({ content, executable: fc.boolean() });

/** One release of one identity; of a path and one below it, the first drawn is left out. */
const release = fc
  .array(fc.tuple(fc.constantFrom(...shippedPaths), shipped), { minLength: 1, maxLength: 9 })
  .map((drawn) => {
    const files = new Map<string, FileNode>();
    for (const [path, { content: text, executable }] of drawn) {
      for (const other of files.keys()) {
        if (isBelow(other, path) || isBelow(path, other)) files.delete(other);
      }
      files.set(path, file(text, executable));
    }
    return files;
  });

export const releases: fc.Arbitrary<Releases> = fc.array(
  fc.record({ one: release, two: release }),
  {
    minLength: 2,
    maxLength: 4,
  },
);

const install: fc.Arbitrary<InstallStep> = fc.record({
  do: fc.constant('install' as const),
  ids: fc.constantFrom<readonly Id[]>(['one'], ['one'], ['one'], ['two'], ['one', 'two']),
  release: fc.nat(3),
  mode: fc.constantFrom('preserve', 'merge', 'replace'),
  backup: fc.boolean(),
  prune: fc.boolean(),
  includeState: fc.boolean(),
  restoreDeleted: fc.boolean(),
  keep: fc.subarray(keepable, { maxLength: 2 }),
  downgrade: fc.constantFrom(true, true, true, false),
});

const undo: fc.Arbitrary<UndoStep> = fc.record({
  do: fc.constant('undo' as const),
  back: fc.constantFrom(0, 0, 0, 1, 2, 3, 5),
  by: fc.constantFrom('ref', 'ref', 'run', 'last', 'last of its identity'),
  through: fc.boolean(),
  path: fc.option(fc.constantFrom(...shippedPaths), { freq: 4 }),
});

const edit: fc.Arbitrary<EditStep> = fc.record({
  do: fc.constant('edit' as const),
  id: fc.constantFrom<Id>('one', 'one', 'one', 'two'),
  path: fc.constantFrom(...shippedPaths, ...localPaths),
  edit: fc.constantFrom(
    'write',
    'write',
    'append',
    'toggle executable',
    'delete',
    'delete',
    'make directory',
    'make link',
    'delete instance',
  ),
  text: fc.oneof(content, fc.constantFrom('mine', 'mine too')),
});

const crash: fc.Arbitrary<CrashStep> = fc.record({
  do: fc.constant('crash' as const),
  command: fc.oneof(install, undo),
  at: fc.integer({ min: 1, max: 90 }),
  when: fc.constantFrom('before', 'during', 'after'),
});

const clock: fc.Arbitrary<ClockStep> = fc.record({
  do: fc.constant('let time pass' as const),
  milliseconds: fc.integer({ min: -100_000_000, max: 100_000_000 }),
});

/** Begins with an install: before the first there is little to go wrong. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    install,
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: install },
        { weight: 3, arbitrary: undo },
        { weight: 7, arbitrary: edit },
        { weight: 2, arbitrary: crash },
        { weight: 1, arbitrary: clock },
        { weight: 1, arbitrary: fc.constant({ do: 'verify' } as const) },
      ),
      { minLength: 4, maxLength: 14, size: 'max' },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);
