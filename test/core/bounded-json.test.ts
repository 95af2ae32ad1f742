import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/core/bounded-json.ts';
import { InstallError } from '../../src/core/errors.ts';
import type { Finding } from '../../src/core/finding.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const path = 'pack/CURRENT_TASK.json';

function failure(input: Uint8Array, limits = {}): InstallError {
  try {
    parseJson(input, { path, limits });
  } catch (error) {
    if (error instanceof InstallError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseJson', () => {
  it.each([
    '{}',
    '[]',
    ' [ 1 , -0.5e+3, "a\\u00e9\\n\\"" , true , null , { "a" : { } } ] \r\n',
    '"text"',
    '0',
    '{"a":1,"a":2}',
    '{"":{"deep":[[[]]]}}',
  ])('reads what JSON.parse reads: %s', (text) => {
    expect(parseJson(bytes(text), { path })).toEqual(JSON.parse(text));
  });

  it.each([
    ['', 1, 1],
    ['{', 1, 2],
    ['{"a":1,}', 1, 8],
    ['[1,]', 1, 4],
    ['[1}', 1, 3],
    ['[,1]', 1, 2],
    ['{"a" 1}', 1, 6],
    ['{a:1}', 1, 2],
    ['{\n  "a": x\n}', 2, 8],
    ['01', 1, 2],
    ['"a', 1, 1],
    ['"\\x"', 1, 2],
    ['"\\u12g4"', 1, 2],
    ['"tab\there"', 1, 5],
    ['{} {}', 1, 4],
    ['nul', 1, 1],
    ['[1]]', 1, 4],
    ['\u00a01', 1, 1],
    ['{"a":1 "b":2}', 1, 8],
    ['[{"a":1]', 1, 8],
  ])('refuses %j at line %i, column %i, as JSON.parse does', (text, line, column) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    const error = failure(bytes(text));
    expect(error.code).toBe('E_DOCUMENT_INVALID');
    expect(error.details).toEqual({ path, line, column });
  });

  it.each([
    ['byte order mark', Buffer.from('\ufeff{}', 'utf8'), 'byte order mark'],
    ['UTF-16, little end first', Buffer.from('\ufeff{}', 'utf16le'), 'UTF-16'],
    ['UTF-16 without mark', Buffer.from('{}', 'utf16le'), 'NUL'],
    ['NUL', bytes('{"a":"\0"}'), 'NUL'],
    ['Latin-1', Buffer.from('{"a":"\u00e9"}', 'latin1'), 'UTF-8'],
    ['surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'UTF-8'],
    ['20,000 brackets', bytes('['.repeat(20_000) + ']'.repeat(20_000)), 'deeper than 64'],
    ['20,000 objects', bytes('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)), 'deeper'],
    ['200,000 members', bytes(`[${'0,'.repeat(200_000)}0]`), 'members'],
    ['__proto__', bytes('{"__proto__": {"x": 1}}'), '__proto__'],
    ['escaped __proto__', bytes('{"__pr\\u006fto__": 1}'), '__proto__'],
    ['constructor below', bytes('{"a": [{"constructor": 1}]}'), 'constructor'],
  ])('refuses %s', (_name, input, wording) => {
    const error = failure(input);
    expect(error.code).toBe('E_DOCUMENT_INVALID');
    expect(error.message).toContain(wording);
    expect(error.details).toMatchObject({ path });
  });

  it('allows exactly the depth, members and bytes of the limits', () => {
    const limits = { depth: 3, members: 3, bytes: 20 };
    expect(parseJson(bytes('[[[1,2,3]]]'), { path, limits })).toEqual([[[1, 2, 3]]]);
    expect(failure(bytes('[[[[]]]]'), limits).message).toContain('deeper than 3');
    expect(failure(bytes('[1,2,3,4]'), limits).message).toContain('more than 3');
    expect(failure(bytes(' '.repeat(21)), limits).message).toContain('larger than 20');
  });

  it('accepts a poisonous word as value, and as key where the reader asked for it', () => {
    expect(parseJson(bytes('["__proto__"]'), { path })).toEqual(['__proto__']);
    const value = parseJson(bytes('{"__proto__": 1}'), { path, anyKey: true });
    expect(Object.entries(value as object)).toEqual([['__proto__', 1]]);
  });

  it('notes integers that lose digits, and reads on', () => {
    const notes: Finding[] = [];
    const text =
      '{"big": 9007199254740993,\n "fits": 9007199254740991, "real": 1234567890123456.5}';
    expect(parseJson(bytes(text), { path, note: (finding) => notes.push(finding) })).toEqual(
      JSON.parse(text),
    );
    expect(notes).toMatchObject([
      { code: 'JSON_INTEGER_UNSAFE', severity: 'info', line: 1, column: 9 },
    ]);
  });

  it('accepts exactly what JSON.parse accepts', () => {
    const outcome = (read: () => unknown): unknown => {
      try {
        return { value: read() };
      } catch {
        return 'refused';
      }
    };
    const edits = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('', ...'{}[],:"\\u0-+.eE1tn \n\t\u0001/'.split(''))),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), edits, (json, changes) => {
        const text = changes.reduce((result, [position, character]) => {
          const at = position % (result.length + 1);
          return result.slice(0, at) + character + result.slice(at + 1);
        }, json);
        expect(outcome(() => parseJson(Buffer.from(text), { path, anyKey: true }))).toEqual(
          outcome(() => JSON.parse(Buffer.from(text).toString()) as unknown),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
