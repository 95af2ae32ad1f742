import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/core/bounded-yaml.ts';
import { InstallError } from '../../src/core/errors.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const path = 'identity/catalog/identities.yaml';

function failure(text: string | Uint8Array, limits = {}): InstallError {
  try {
    parseYaml(typeof text === 'string' ? bytes(text) : text, { path, limits });
  } catch (error) {
    if (error instanceof InstallError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Each level names the one before it nine times. */
const aliasBomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, index) => {
    const below = `*${'abcdefgh'.charAt(index)}`;
    return `${name}: &${name} [${Array<string>(9).fill(below).join(', ')}]`;
  }),
].join('\n');

describe('parseYaml', () => {
  it.each([
    ['', undefined],
    ['# only a comment\n', undefined],
    ['a: 1\nb: [x, "y", {c: null}]\n', { a: 1, b: ['x', 'y', { c: null }] }],
    ['updated_at: 2026-02-26\nversion: "1.0"\n', { updated_at: '2026-02-26', version: '1.0' }],
    ['yes: no\non: off\n', { yes: 'no', on: 'off' }],
    ['"<<": x\n', { '<<': 'x' }],
    ['a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
    ['a: "__proto__"\n', { a: '__proto__' }],
    ['text: |\n  [[[[[[\n  - - -\n', { text: '[[[[[[\n- - -\n' }],
    ['a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
  ])('reads %j by the core schema', (text, value) => {
    expect(parseYaml(bytes(text), { path })).toEqual(value);
  });

  it.each([
    ['flow sequences', '['.repeat(20_000)],
    ['closed flow sequences', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['flow mappings', '{a: '.repeat(20_000)],
    ['compact sequences', `${'- '.repeat(20_000)}x`],
    ['complex keys', `${'? '.repeat(20_000)}x`],
    ['a staircase', Array.from({ length: 1000 }, (_x, n) => `${' '.repeat(n)}a:`).join('\n')],
  ])('refuses 20,000 nested %s before anything recurses', (_name, text) => {
    const error = failure(text);
    expect(error.code).toBe('E_DOCUMENT_INVALID');
    expect(error.message).toContain('nesting exceeded maxDepth (64)');
  });

  it.each([
    ['alias bomb', aliasBomb, 'more than 16 aliases'],
    ['self-reference', 'a: &a [*a]\n', 'contains itself'],
    ['unknown alias', 'a: *b\n', 'unidentified alias'],
    ['merge key', 'a: &a {x: 1}\nb:\n  <<: *a\n', 'merge keys'],
    ['custom tag', 'a: !<tag:example.org,2026:thing> x\n', 'unknown scalar tag'],
    ['local tag on a mapping', 'a: !thing {x: 1}\n', 'unknown mapping tag'],
    ['binary', 'a: !!binary aGVsbG8=\n', 'unknown scalar tag'],
    ['function', 'a: !!js/function "x"\n', 'unknown scalar tag'],
    ['duplicate key', 'a: 1\nb: 2\na: 3\n', 'duplicated mapping key'],
    ['duplicate key, spelled otherwise', 'a: 1\n"a": 3\n', 'duplicated mapping key'],
    ['several documents', 'a: 1\n---\nb: 2\n', 'several documents'],
    ['__proto__', 'a:\n  __proto__: {x: 1}\n', '__proto__'],
    ['escaped __proto__', '"__pr\\u006fto__": 1\n', '__proto__'],
    ['constructor', 'constructor: 1\n', 'constructor'],
    ['mapping as key', '? {a: 1}\n: 2\n', 'used as a key'],
    ['alias as key', 'a: &a x\n*a : 2\n', 'used as a key'],
    ['byte order mark', '\ufeffa: 1\n', 'byte order mark'],
    ['NUL', 'a: "\0"\n', 'NUL'],
    ['tab as indentation', 'a:\n\tb: 1\n', ''],
    ['escape character', 'a: \u001b[31m\n', ''],
  ])('refuses %s', (_name, text, wording) => {
    const error = failure(text);
    expect(error.code).toBe('E_DOCUMENT_INVALID');
    expect(error.message).toContain(wording);
    expect(error.details).toMatchObject({ path });
  });

  it('says where', () => {
    expect(failure('a: 1\nb:\n  a: [1\n').details).toMatchObject({
      path,
      line: expect.any(Number),
    });
    expect(failure('ok: 1\n  __proto__: 1').details).toMatchObject({ line: 2 });
    expect(failure('ok:\n  __proto__: 1').details).toEqual({ path, line: 2, column: 3 });
  });

  it('counts every alias at the size of what it names', () => {
    const text = `a: &a [${'x, '.repeat(30)}x]\nb: [*a, *a, *a]\n`;
    expect(parseYaml(bytes(text), { path, limits: { members: 200 } })).toBeDefined();
    expect(failure(text, { members: 100 }).message).toContain('more than 100 members');
  });

  it('counts keys and items', () => {
    const flood = Array.from({ length: 1001 }, (_x, n) => `k${n}: v`).join('\n');
    expect(failure(flood, { members: 1000 }).message).toContain('more than 1000 members');
    expect(parseYaml(bytes(flood), { path })).toHaveProperty('k1000', 'v');
  });
});
