import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  directoryView,
  memoryView,
  type FileView,
} from '../../../src/protocol/documents/file-view.ts';
import { packFiles } from '../../../src/protocol/contracts/pack-files.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
import { requiredPackFiles } from '../../../src/protocol/pack-manifest.ts';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import { describeMutations } from '../../support/mutations.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const meta = (text: string) => ({ files: { 'META.yaml': text } });
const linkedPrompt = {
  files: { 'IDENTITY_PROMPT.md': null },
  others: { 'IDENTITY_PROMPT.md': 'link' },
} as const;
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
  ['a link', { others: { 'runtime/shared.json': 'link' } }, 'PACK_ENTRY_NO_FILE'],
  ['a link in place of a required file', linkedPrompt, 'PACK_ENTRY_NO_FILE'],
  [
    'a link in place of a required file of an instance',
    { ...linkedPrompt, brought: [] },
    'PACK_ENTRY_NO_FILE',
  ],
  ['a pipe', { others: { 'runtime/pipe': 'special' } }, 'PACK_ENTRY_NO_FILE'],
  ['a META.yaml that is a text', meta('sample-identity\n'), 'PACK_META_NO_MAPPING'],
  ['a META.yaml without an id', meta('title: "Sample"\n'), 'PACK_META_MISSING'],
  ['an id that is not valid', meta('id: "Not An Id"\n'), 'PACK_META_VALUE'],
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

  test('says what is wrong with a document in whole sentences', () => {
    const pack = memoryView(new Map([['notes.md', Buffer.from(latin1)]]));
    const subject = createSubject({ id: 'some-id', now: new Date(0), pack });
    const messages = [...packFiles.check(subject)].map(({ message }) => message);
    expect(messages).toContain('The file cannot be used: it is not valid UTF-8.');
  });

  const packOnDisk = (): { readonly outside: string; readonly directory: string } => {
    const outside = temporaryDirectory();
    const directory = join(outside, 'pack');
    mkdirSync(directory);
    for (const name of requiredPackFiles) {
      writeFileSync(join(directory, name), name === 'META.yaml' ? 'id: some-id\n' : '{}');
    }
    return { outside, directory };
  };
  const onDisk = (directory: string) => codes(directoryView(createDiskFileSystem(), directory));

  test('finds links, and does not follow them', () => {
    const { outside, directory } = packOnDisk();
    writeFileSync(join(outside, 'outside.json'), '{');
    mkdirSync(join(outside, 'more'));
    writeFileSync(join(outside, 'more', 'x.json'), '{');
    rmSync(join(directory, 'CURRENT_TASK.json'));
    symlinkSync('../outside.json', join(directory, 'CURRENT_TASK.json'));
    symlinkSync('../more', join(directory, 'runtime'));
    symlinkSync('nowhere', join(directory, 'dangling'));
    expect(onDisk(directory)).toEqual([
      'PACK_ENTRY_NO_FILE CURRENT_TASK.json',
      'PACK_ENTRY_NO_FILE dangling',
      'PACK_ENTRY_NO_FILE runtime',
    ]);
  });

  test('finds a socket, and does not wait for it', async () => {
    const { directory } = packOnDisk();
    const server = createServer();
    await new Promise<void>((listening) => server.listen(join(directory, 'agent.sock'), listening));
    onTestFinished(() => void server.close());
    expect(onDisk(directory)).toEqual(['PACK_ENTRY_NO_FILE agent.sock']);
  });

  test('says of a file that cannot be read that it is there', () => {
    const memory = memoryView(new Map([['notes.txt', Buffer.from('x')]]));
    const locked: FileView = { ...memory, read: () => undefined };
    expect(codes(locked)).toContain('PACK_FILE_UNREADABLE notes.txt');
  });

  test('lets a picture be as large as the installer takes it, but no document', () => {
    const { directory } = packOnDisk();
    for (const name of ['picture.png', 'log.json']) {
      writeFileSync(join(directory, name), '');
      truncateSync(join(directory, name), 9 * 1024 * 1024);
    }
    expect(onDisk(directory)).toEqual(['PACK_FILE_UNREADABLE log.json']);
  });

  test('lets a history grow beyond what other documents may have, and begin with a mark', () => {
    const { directory } = packOnDisk();
    const lines = '- another day\n'.repeat(100_000);
    writeFileSync(join(directory, 'TASK_HISTORY.md'), `\ufeff${lines}`);
    expect(onDisk(directory)).toEqual([]);
  });
});
