import { describe, expect, it } from 'vitest';
import { readPackManifest } from '../../src/protocol/pack-manifest.ts';

const complete = new Set([
  'IDENTITY_PROMPT.md',
  'CURRENT_TASK.json',
  'TASK_HISTORY.md',
  'META.yaml',
]);
const read = (meta: string) =>
  readPackManifest({ id: 'writer', paths: complete, meta: Buffer.from(meta) });

describe('readPackManifest', () => {
  it('reads the declared classes', () => {
    const meta = 'id: writer\nmethodology_version: v9\ninstall:\n  state: [a/**]\n  local: [b]\n';
    expect(read(meta)).toEqual({
      installClasses: { shipped: [], state: ['a/**'], local: ['b'] },
      findings: [],
      refusals: [],
    });
  });

  it('finds every missing file', () => {
    const { findings } = readPackManifest({ id: 'writer', paths: new Map([['META.yaml', 1]]) });
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'PACK_FILE_MISSING IDENTITY_PROMPT.md',
      'PACK_FILE_MISSING CURRENT_TASK.json',
      'PACK_FILE_MISSING TASK_HISTORY.md',
    ]);
  });

  it.each([
    ['title: x', '/id'],
    ['- x', ''],
    ['id: writer\ninstall: x', '/install'],
    ['id: writer\ninstall: {keep: [x]}', '/install/keep'],
    ['id: writer\ninstall: {state: x}', '/install/state'],
    ['id: writer\ninstall: {state: [x, 1]}', '/install/state/1'],
  ])('notes what it cannot use in %j', (meta, pointer) => {
    expect(read(meta).findings).toMatchObject([{ code: 'PACK_META_INVALID', pointer }]);
  });

  it('refuses a pack that says it is another, and one it cannot read', () => {
    expect(read('id: reader').refusals).toMatchObject([
      { code: 'E_PACK_ID_MISMATCH', details: { id: 'writer', metaId: 'reader' } },
    ]);
    expect(read('id: [').refusals).toMatchObject([{ code: 'E_DOCUMENT_INVALID' }]);
  });

  it('gives every reason to refuse it at once', () => {
    const { refusals } = readPackManifest({
      id: 'writer',
      paths: complete,
      meta: Buffer.from('id: reader\n'),
      currentTask: Buffer.from('{"__proto__": 1}'),
    });
    expect(refusals.map(({ code }) => code)).toEqual(['E_DOCUMENT_INVALID', 'E_PACK_ID_MISMATCH']);
  });

  it('notes another version than the catalog says, and integers that lose digits', () => {
    const { findings, refusals } = readPackManifest({
      id: 'writer',
      paths: complete,
      meta: Buffer.from('id: writer\nmethodology_version: v2\n'),
      currentTask: Buffer.from('{"count": 9007199254740993}'),
      methodologyVersion: 'v1',
    });
    expect(findings).toMatchObject([
      { code: 'JSON_INTEGER_UNSAFE', severity: 'info', line: 1, column: 11 },
      { code: 'PACK_VERSION_DIFFERS', severity: 'info', pointer: '/methodology_version' },
    ]);
    expect(refusals).toEqual([]);
  });
});
