import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  directoryView,
  memoryView,
  type FileView,
} from '../../../src/protocol/documents/file-view.ts';
import { packFiles } from '../../../src/protocol/contracts/pack-files.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import { describeMutations } from '../../support/mutations.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const meta = (text: string) => ({ files: { 'META.yaml': text } });
const latin1 = Uint8Array.from([0x23, 0x20, 0xe9, 0x0a]);

describeMutations('pack-files', [
  ['no prompt', { files: { 'IDENTITY_PROMPT.md': null } }, 'PACK_FILE_MISSING'],
  ['no task', { files: { 'CURRENT_TASK.json': null } }, 'PACK_FILE_MISSING'],
  ['no history', { files: { 'TASK_HISTORY.md': null } }, 'PACK_FILE_MISSING'],
  ['no META.yaml', { files: { 'META.yaml': null } }, 'PACK_FILE_MISSING'],
  [
    'a prompt that is not UTF-8',
    { files: { 'IDENTITY_PROMPT.md': latin1 } },
    'PACK_FILE_UNPARSEABLE',
  ],
  ['a task that is cut off', { files: { 'CURRENT_TASK.json': '{"a": ' } }, 'PACK_FILE_UNPARSEABLE'],
  ['an empty task', { files: { 'CURRENT_TASK.json': '' } }, 'PACK_FILE_UNPARSEABLE'],
  ['a META.yaml with a tab', meta('id: "a"\n\tb: 1\n'), 'PACK_FILE_UNPARSEABLE'],
  [
    'an agent file with two documents',
    { files: { 'agents/identity.yaml': '---\na: 1\n---\nb: 1\n' } },
    'PACK_FILE_UNPARSEABLE',
  ],
  [
    'a log with a NUL',
    { files: { 'runtime/logs/x.json': '{"a": "\0"}' } },
    'PACK_FILE_UNPARSEABLE',
  ],
  ['a META.yaml that is a text', meta('sample-identity\n'), 'PACK_META_NO_MAPPING'],
  ['a META.yaml without an id', meta('title: "Sample"\n'), 'PACK_META_MISSING'],
  ['an id that is none', meta('id: "Not An Id"\n'), 'PACK_META_VALUE'],
  ['the id of somebody else', meta('id: "somebody-else"\n'), 'PACK_META_ID_MISMATCH'],
  ['a status of its own', meta('id: "sample-identity"\nstatus: "on"\n'), 'PACK_META_VALUE'],
  [
    'a class that is a text',
    meta('id: "sample-identity"\ninstall:\n  local: "a"\n'),
    'PACK_META_TYPE',
  ],
  [
    'a class of its own',
    meta('id: "sample-identity"\ninstall:\n  mine: []\n'),
    'PACK_META_UNKNOWN',
  ],
  [
    'a glob that leads out',
    meta('id: "sample-identity"\ninstall:\n  local: ["../x"]\n'),
    'PACK_META_GLOB_UNUSABLE',
  ],
  [
    'evidence around the pack that cannot be parsed',
    {
      task: { '/evaluation_contract/run_report_path_pattern': 'identity/runtime/run-*.json' },
      repository: { 'identity/runtime/run-1.json': 'null null' },
    },
    'PACK_FILE_UNPARSEABLE',
  ],
]);

describe('pack-files', () => {
  const codes = (pack: FileView): string[] => {
    const subject = createSubject({ id: 'some-id', now: new Date(0), pack });
    return [...packFiles.check(subject)].map(({ code, path }) => `${code} ${path}`);
  };

  test('says where in a document it cannot go on', () => {
    const pack = memoryView(new Map([['runtime/x.json', Buffer.from('{\n  "a": ?\n}')]]), 'shown');
    const subject = createSubject({ id: 'some-id', now: new Date(0), pack });
    const found = [...packFiles.check(subject)].filter(({ line }) => line !== undefined);
    expect(found).toMatchObject([{ path: 'shown/runtime/x.json', line: 2, column: 8 }]);
    expect(found[0]?.message).not.toContain('shown');
  });

  test('takes a link for nothing, and does not follow it', () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'outside.json'), '{');
    mkdirSync(join(root, 'pack'));
    symlinkSync('../outside.json', join(root, 'pack', 'CURRENT_TASK.json'));
    for (const name of ['IDENTITY_PROMPT.md', 'TASK_HISTORY.md']) {
      writeFileSync(join(root, 'pack', name), '');
    }
    writeFileSync(join(root, 'pack', 'META.yaml'), 'id: some-id\n');
    expect(codes(directoryView(createDiskFileSystem(), join(root, 'pack')))).toEqual([
      'PACK_FILE_MISSING CURRENT_TASK.json',
    ]);
  });

  test('says of a file that cannot be read that it is there', () => {
    const memory = memoryView(new Map([['notes.txt', Buffer.from('x')]]));
    const locked: FileView = { ...memory, read: () => undefined };
    expect(codes(locked)).toContain('PACK_FILE_UNREADABLE notes.txt');
  });
});
