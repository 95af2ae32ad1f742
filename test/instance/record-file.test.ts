import { describe, expect, it } from 'vitest';
import { parseRecord, readRecord, serialiseRecord } from '../../src/instance/record-file.ts';
import type { InstalledRecord } from '../../src/core/record.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';

const commit = 'c'.repeat(40);
const base = { sha256: 'a'.repeat(64), size: 3, executable: false, commit };
const record: InstalledRecord = {
  schema: 'identity-install/record@1',
  id: 'writer',
  instance: 'instances/writer',
  from: 'https://example.org/p.git',
  release: {
    url: 'https://example.org/p.git',
    sourceKind: 'git',
    tag: 'v1.0.0',
    tagObject: null,
    commit,
    tree: 'd'.repeat(40),
    version: '1.0.0',
  },
  files: Object.fromEntries(
    ['b', '10', '2', 'a-b/c', 'a/b', 'constructor', '$&', '__proto__'].map((name) => [name, base]),
  ),
  reports: ['z.json', 'a.json'],
  operation: '20261120-235959-3f9a1c',
  updatedAt: '2026-11-20T23:59:59Z',
};

const parse = (text: string) => parseRecord(Buffer.from(text), 'record/writer.json');

describe('the installed record', () => {
  it('comes back as it was written, files in path order', () => {
    const bytes = serialiseRecord(record);
    const read = parseRecord(bytes, 'x');
    expect(Object.entries(read.files)).toHaveLength(8);
    expect({ ...read, files: Object.fromEntries(Object.entries(read.files)) }).toEqual({
      ...record,
      reports: ['a.json', 'z.json'],
    });
    const order = [...bytes.toString().matchAll(/^ {4}"(.+?)": \{/gm)].map(([, name]) => name);
    expect(order).toEqual(['$&', '10', '2', '__proto__', 'a/b', 'a-b/c', 'b', 'constructor']);
    expect(serialiseRecord(read).equals(bytes)).toBe(true);
  });

  it('knows only files that are recorded', () => {
    const { files } = parseRecord(serialiseRecord({ ...record, files: { a: base } }), 'x');
    expect(['a', 'constructor', 'toString'].map((name) => files[name])).toEqual([
      base,
      undefined,
      undefined,
    ]);
  });

  it('is undefined if there is none', () => {
    const fs = createMemoryFileSystem({ '/r/empty.json': '' });
    expect(readRecord(fs, '/r/none.json')).toBeUndefined();
    expect(() => readRecord(fs, '/r/empty.json')).toThrow(
      expect.objectContaining({ code: 'E_RECORD_DAMAGED' }),
    );
  });

  const altered = (change: object): string => JSON.stringify({ ...record, ...change });
  const withFile = (path: string, change: object): string =>
    altered({ files: { [path]: { ...base, ...change } } });

  it.each([
    ['not JSON', '{', 'not valid JSON'],
    ['cut short', serialiseRecord(record).subarray(0, 400).toString(), 'not valid JSON'],
    ['an array', '[]', 'not an object'],
    ['null', 'null', 'not an object'],
    ['no schema', altered({ schema: undefined }), 'schema'],
    ['another schema', altered({ schema: 'other@1' }), 'schema'],
    ['a schema that is not a text', altered({ schema: { toString: 1 } }), 'schema'],
    ['a bad id', altered({ id: '../x' }), 'id is not valid'],
    ['an instance that leaves the home', altered({ instance: '../x' }), 'instance is not valid'],
    ['no release', altered({ release: null }), 'release is not valid'],
    [
      'a short commit',
      altered({ release: { ...record.release, commit: 'abc' } }),
      'release.commit',
    ],
    ['an unknown kind', altered({ release: { ...record.release, sourceKind: 'x' } }), 'sourceKind'],
    ['files as list', altered({ files: [] }), 'files is not valid'],
    ['a path that leaves', withFile('../x', {}), 'not a valid path of an instance'],
    ['an absolute path', withFile('/x', {}), 'not a valid path of an instance'],
    ['a bad digest', withFile('x', { sha256: 'A'.repeat(64) }), 'sha256'],
    ['a negative size', withFile('x', { size: -1 }), 'size'],
    ['a missing x-bit', withFile('x', { executable: undefined }), 'executable is missing'],
    ['a file that is not an object', altered({ files: { x: null } }), 'not an object'],
    ['a report that leaves', altered({ reports: ['../x'] }), 'reports'],
    ['a bad operation', altered({ operation: 'yesterday' }), 'operation'],
    ['a bad time', altered({ updatedAt: 'yesterday' }), 'updatedAt'],
  ])('refuses %s', (_name, text, wording) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'E_RECORD_DAMAGED',
        message: expect.stringContaining(wording) as string,
      }),
    );
  });

  it('accepts fields that it does not know, and refuses newer schemas', () => {
    expect(parse(altered({ later: 1 }))).toMatchObject({ later: 1 });
    expect(() => parse(altered({ schema: 'identity-install/record@2' }))).toThrow(
      expect.objectContaining({ code: 'E_LAYOUT_NEWER' }),
    );
  });
});
