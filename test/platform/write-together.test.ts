import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiskFileSystem } from '../../src/platform/disk.ts';
import {
  ChangedMeanwhile,
  writeTogether,
  type FilesToWrite,
} from '../../src/platform/write-together.ts';
import { createFailingFileSystem, type Fault } from '../support/failing-file-system.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const text = (value: string) => Buffer.from(value);
const seed = { 'there/catalog.yaml': 'old\n', 'there/own.md': 'mine\n' };
const files: FilesToWrite = {
  create: new Map([
    ['there/new.md', text('one')],
    ['a/b/c.md', text('two')],
  ]),
  replace: new Map([['there/catalog.yaml', { before: text('old\n'), after: text('new\n') }]]),
};

function write(root: string, given: FilesToWrite = files, fault?: Fault) {
  const fs = createFailingFileSystem(createDiskFileSystem(), fault && { fault });
  const attempt = () => writeTogether({ fs, root, umask: 0o022, nonce: 'n' }, given);
  return { fs, attempt };
}

describe('files that are written together', () => {
  it('are all there afterwards, and nothing else is', () => {
    const root = temporaryDirectory(seed);
    write(root).attempt();
    const wanted = temporaryDirectory({
      ...seed,
      'there/catalog.yaml': 'new\n',
      'there/new.md': 'one',
      'a/b/c.md': 'two',
    });
    expect(treeOf(root)).toEqual(treeOf(wanted));
  });

  it('are none when any call fails, however far it came', () => {
    const { fs, attempt } = write(temporaryDirectory(seed));
    attempt();
    expect(fs.log.length).toBeGreaterThan(5);
    for (const at of fs.log.keys()) {
      for (const fault of [
        { kind: 'refuse', at: at + 1, errno: 'ENOSPC' },
        { kind: 'short', at: at + 1 },
      ] as const) {
        const root = temporaryDirectory(seed);
        const before = treeOf(root);
        expect(write(root, files, fault).attempt, fs.log[at]).toThrow('ENOSPC');
        expect(treeOf(root), fs.log[at]).toEqual(before);
      }
    }
  });

  it('never take the place of what is there', () => {
    const root = temporaryDirectory({ ...seed, 'a/b/c.md': 'somebody else’s' });
    const before = treeOf(root);
    expect(write(root).attempt).toThrow('EEXIST');
    expect(treeOf(root)).toEqual(before);
  });

  it('are not written over what changed since it was read', () => {
    const root = temporaryDirectory({ ...seed, 'there/catalog.yaml': 'edited\n' });
    const before = treeOf(root);
    expect(write(root).attempt).toThrow(ChangedMeanwhile);
    expect(treeOf(root)).toEqual(before);
  });

  it.each(['a', 'a/b'])('do not follow a link at %s out of the root', (link) => {
    const root = temporaryDirectory(seed);
    const outside = temporaryDirectory();
    if (link === 'a/b') mkdirSync(join(root, 'a'));
    symlinkSync(outside, join(root, link));
    const before = treeOf(root);
    expect(write(root).attempt).toThrow('ENOTDIR');
    expect(treeOf(outside)).toEqual(treeOf(temporaryDirectory()));
    expect(treeOf(root)).toEqual(before);
  });
});
