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
    expect(() => read('id: reader')).toThrow(
      expect.objectContaining({
        code: 'E_PACK_ID_MISMATCH',
        details: { id: 'writer', metaId: 'reader' },
      }),
    );
    expect(() => read('id: [')).toThrow(expect.objectContaining({ code: 'E_DOCUMENT_INVALID' }));
  });
});
