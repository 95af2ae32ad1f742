import { describe, expect, test } from 'vitest';
import {
  directoryChanges,
  nothing,
  orderChanges,
  type Change,
  staysInPlace,
} from '../../src/engine/change.ts';

const file = { kind: 'file', sha256: 'x', size: 1, mode: 0o644 } as const;
const directory = { kind: 'directory', mode: 0o755 } as const;

function change(text: string): Change {
  const sign = text.charAt(0);
  const path = text.slice(1);
  const what = path.endsWith('/') ? directory : file;
  const name = path.replace(/\/$/, '');
  if (name === 'catalog') return { root: 'home', path: name, before: file, after: file };
  if (sign === '+') return { root: 'instance', path: name, before: nothing, after: what };
  if (sign === '-') return { root: 'instance', path: name, before: what, after: nothing };
  return { root: 'instance', path: name, before: file, after: { ...file, sha256: 'y' } };
}

function text({ path, before, after }: Change): string {
  const slash = before.kind === 'directory' || after.kind === 'directory' ? '/' : '';
  if (before.kind === 'absent') return `+${path}${slash}`;
  return after.kind === 'absent' ? `-${path}${slash}` : `~${path}`;
}

test('changes are ordered so that each can be carried out after those before it', () => {
  const shuffled = [
    '~catalog',
    '+a/b/f',
    '+a/',
    '~z',
    '-old/',
    '-old/in/',
    '-old/in/f',
    '+a/b/',
    '+old',
  ];
  expect(orderChanges(shuffled.map(change)).map(text)).toEqual([
    '-old/in/f',
    '-old/in/',
    '-old/',
    '+a/',
    '+a/b/',
    '+a/b/f',
    '+old',
    '~z',
    '~catalog',
  ]);
});

describe('directories', () => {
  const facts = (directories: readonly string[], occupied: readonly string[], exists = true) => ({
    instanceExists: exists,
    directories: new Map(directories.map((path) => [path, 0o755])),
    occupied: new Set(occupied),
    newMode: 0o755,
  });
  const names = (files: readonly string[], given: ReturnType<typeof facts>) =>
    orderChanges(directoryChanges(files.map(change), given)).map(text);

  test.each([
    ['come with the files they hold', ['+a/b/f'], facts([], ['x']), ['+a/', '+a/b/']],
    ['are not made twice', ['+a/f'], facts(['a'], ['a/g']), []],
    ['come with the instance itself', ['+f'], facts([], [], false), ['+/']],
    ['go when all in them goes', ['-a/b/f'], facts(['a', 'a/b'], ['a/b/f']), ['-a/b/', '-a/']],
    ['stay with a file of the user', ['-a/f'], facts(['a'], ['a/f', 'a/mine']), []],
    ['stay with an empty directory of the user', ['-a/f'], facts(['a', 'a/e'], ['a/f']), []],
    ['stay when a new file comes into them', ['-a/f', '+a/g'], facts(['a'], ['a/f']), []],
    ['make way for a file of their name', ['-a/f', '+a'], facts(['a'], ['a/f']), ['-a/']],
  ])('%s', (_name, files, given, expected) => {
    expect(names(files, given)).toEqual(expected);
  });
});

describe('what was read back from the disk', () => {
  const file = { kind: 'file', sha256: 'a'.repeat(64), size: 1, mode: 0o644 };
  const absent = { kind: 'absent' };

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'change'],
    ['without a state before', { root: 'instance', path: 'a', after: file }],
    ['without a state after', { root: 'instance', path: 'a', before: absent }],
    ['with a state of no kind', { root: 'instance', path: 'a', before: absent, after: {} }],
    [
      'with a file without digest',
      { root: 'instance', path: 'a', before: { ...file, sha256: 1 }, after: absent },
    ],
    ['of another root', { root: 'elsewhere', path: 'a', before: absent, after: file }],
    ['that leads out', { root: 'instance', path: '../a', before: absent, after: file }],
    ['in the home', { root: 'home', path: 'a', before: absent, after: file }],
  ])('%s is not a change that can be carried out', (_what, value) => {
    expect(staysInPlace(value)).toBe(false);
  });

  test('a plain change is one', () => {
    expect(staysInPlace({ root: 'instance', path: 'a/b', before: absent, after: file })).toBe(true);
  });
});
