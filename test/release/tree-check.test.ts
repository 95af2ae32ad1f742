import { describe, expect, it } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { defaultLimits } from '../../src/release/limits.ts';
import { checkTree, refuseProblems } from '../../src/release/tree-check.ts';
import type { RawEntry } from '../../src/release/tree.ts';
import { hintOf } from '../support/hint-of.ts';

const oid = 'a'.repeat(40);

function raw(mode: number, ...parts: (string | Buffer)[]): RawEntry {
  return { parts: parts.map((part) => Buffer.from(part)), mode, oid };
}
const file = (...parts: (string | Buffer)[]) => raw(0o100644, ...parts);
const directory = (...parts: string[]) => raw(0o040000, ...parts);

function codes(...entries: RawEntry[]): string[] {
  return checkTree({ entries, found: entries.length }, defaultLimits).problems.map(
    ({ code }) => code,
  );
}

it('gives the plain files, sorted by component, with the executable bit', () => {
  const entries = [
    file('.gitattributes'),
    directory('a'),
    file('a-b'),
    raw(0o100755, 'a', 'run.sh'),
    file('Ünïcode name.md'),
  ];
  expect(checkTree({ entries, found: entries.length }, defaultLimits)).toEqual({
    entries: [
      { path: '.gitattributes', executable: false, oid },
      { path: 'a/run.sh', executable: true, oid },
      { path: 'a-b', executable: false, oid },
      { path: 'Ünïcode name.md', executable: false, oid },
    ],
    problems: [],
  });
});

describe('one name', () => {
  it.each<[string | Buffer, string]>([
    ['..', 'PATH_TRAVERSAL'],
    ['.', 'PATH_TRAVERSAL'],
    ['', 'PATH_EMPTY'],
    ['/etc', 'PATH_SEPARATOR'],
    ['a/b', 'PATH_SEPARATOR'],
    ['a\\b', 'PATH_SEPARATOR'],
    ['.git', 'PATH_GIT'],
    ['.GIT', 'PATH_GIT'],
    ['git~1', 'PATH_GIT'],
    ['GIT~2', 'PATH_GIT'],
    ['.git ', 'PATH_GIT'],
    ['.git..', 'PATH_GIT'],
    ['.g\u200cit', 'PATH_GIT'],
    ['.gi\u034ft', 'PATH_GIT'],
    ['.gitmodules', 'ENTRY_SUBMODULES'],
    ['.GitModules', 'ENTRY_SUBMODULES'],
    ['gitmod~1', 'ENTRY_SUBMODULES'],
    ['C:x', 'PATH_COLON'],
    ['a:ads', 'PATH_COLON'],
    ['CON', 'PATH_RESERVED'],
    ['nul.txt', 'PATH_RESERVED'],
    ['aux .txt', 'PATH_RESERVED'],
    ['com1', 'PATH_RESERVED'],
    ['LPT³', 'PATH_RESERVED'],
    ['conin$', 'PATH_RESERVED'],
    ['a\nb', 'PATH_CONTROL'],
    ['a\u001b[2J', 'PATH_CONTROL'],
    ['a\u007f', 'PATH_CONTROL'],
    ['a\u202eb', 'PATH_INVISIBLE'],
    ['a\u200bb', 'PATH_INVISIBLE'],
    ['a\ufeff', 'PATH_INVISIBLE'],
    ['a\u2028b', 'PATH_INVISIBLE'],
    ['a\u{e0041}', 'PATH_INVISIBLE'],
    [Buffer.from([0x61, 0xff]), 'PATH_ENCODING'],
    [Buffer.from([0xed, 0xa0, 0x80]), 'PATH_ENCODING'],
    ['-rf', 'PATH_DASH'],
    ['--help', 'PATH_DASH'],
    ['a.', 'PATH_TRAILING'],
    ['a ', 'PATH_TRAILING'],
    ['x'.repeat(256), 'LIMIT_NAME'],
    ['ü'.repeat(128), 'LIMIT_NAME'],
  ])('%j is refused: %s', (name, code) => {
    expect(codes(file(name))).toContain(code);
    expect(codes(directory('ok'), file('ok', name))).toContain(code);
  });

  it.each([
    '.gitignore',
    '.gitkeep',
    '.github',
    'git',
    'console',
    'com10',
    'a-b',
    'ß',
    'x~1',
    ' a',
  ])('%j is fine', (name) => {
    expect(codes(file(name))).toEqual([]);
  });
});

describe('kinds and modes', () => {
  it.each([
    [0o120000, 'ENTRY_LINK'],
    [0o160000, 'ENTRY_SUBMODULE'],
    [0o100664, 'ENTRY_MODE'],
    [0o104755, 'ENTRY_MODE'],
    [0o102755, 'ENTRY_MODE'],
    [0o100777, 'ENTRY_MODE'],
    [0o020644, 'ENTRY_MODE'],
    [0, 'ENTRY_MODE'],
  ])('mode %o is refused: %s', (mode, code) => {
    expect(codes(raw(mode, 'x'))).toEqual([code]);
  });

  it('refuses a bare repository inside the pack, also as the pack', () => {
    const inside = [directory('r'), file('r', 'HEAD'), directory('r', 'objects')];
    expect(codes(...inside)).toEqual([]);
    expect(codes(...inside, directory('r', 'refs'))).toEqual(['ENTRY_REPOSITORY']);
    expect(codes(file('head'), directory('Objects'), directory('refs'))).toEqual([
      'ENTRY_REPOSITORY',
    ]);
  });
});

describe('collisions', () => {
  it.each([
    ['A.md', 'a.md'],
    ['straße', 'STRASSE'],
    ['caf\u00e9', 'cafe\u0301'],
    ['\u1e9e', 'ss'],
    ['\u212a', 'k'],
    ['ς', 'σ'],
    ['ﬀ', 'FF'],
  ])('%j and %j are one file somewhere', (left, right) => {
    expect(codes(file(left), file(right))).toEqual(['COLLISION_FOLDED']);
    expect(codes(directory(left), file(left, 'x'), directory(right), file(right, 'y'))).toContain(
      'COLLISION_FOLDED',
    );
  });

  it('finds the same path twice, and a file where a directory is', () => {
    expect(codes(file('a'), file('a'))).toEqual(['COLLISION_DUPLICATE']);
    expect(codes(file('a'), directory('a'), file('a', 'b'))).toEqual(['COLLISION_DUPLICATE']);
    expect(codes(directory('a'), file('a', 'b'), file('A'))).toEqual(['COLLISION_FOLDED']);
  });
});

describe('limits', () => {
  it('on depth, path length and the number of entries', () => {
    const deep = Array.from({ length: 33 }, () => 'd');
    expect(codes(file(...deep))).toEqual(['LIMIT_DEPTH']);
    expect(codes(file(...deep.slice(1)))).toEqual([]);
    expect(codes(file(...Array.from({ length: 6 }, () => 'x'.repeat(200))))).toEqual([
      'LIMIT_PATH',
    ]);
    const few = { ...defaultLimits, entries: 1 };
    expect(checkTree({ entries: [file('a')], found: 2 }, few).problems).toMatchObject([
      {
        code: 'LIMIT_ENTRIES',
        message: 'at least 2 files and directories, over the limit of 1',
      },
    ]);
  });
});

describe('the refusal', () => {
  function refusal(...entries: RawEntry[]): InstallError {
    try {
      refuseProblems(
        checkTree({ entries, found: entries.length }, defaultLimits).problems,
        'identity/packs/x',
      );
    } catch (error) {
      if (error instanceof InstallError) return error;
      throw error;
    }
    throw new Error('accepted');
  }

  it('is one error with every problem, named after the worst', () => {
    const error = refusal(
      file('x'.repeat(256)),
      file('a'),
      file('A'),
      raw(0o120000, 'link'),
      file('-rf'),
    );
    expect([error.code, error.exitCode]).toEqual(['E_PACK_PATH', 4]);
    expect(error.message).toContain('-rf');
    expect(error.details['findings']).toHaveLength(4);
  });

  it.each<[RawEntry[], string]>([
    [[raw(0o120000, 'l'), file('a'), file('A')], 'E_PACK_ENTRY'],
    [[file('a'), file('A')], 'E_PACK_COLLISION'],
    [[file('x'.repeat(256))], 'E_PACK_LIMIT'],
  ])('%#', (entries, code) => {
    expect(refusal(...entries).code).toBe(code);
  });

  it('of what is too large names each option that raises a limit', () => {
    const said = hintOf(
      refusal(file('x'.repeat(256)), file(...Array.from({ length: 33 }, () => 'd'))),
    );
    expect(said).toContain('give --max-name-bytes <number>.');
    expect(said).toContain('give --max-depth <number>.');
    expect(said).not.toContain('--max-entries');
  });

  it('shows no control character of a name', () => {
    expect(refusal(file('a\u001b[2J')).message).toContain('a\\u{1b}[2J');
  });
});
