import { outputFileSync } from 'fs-extra/esm';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { ChangedMeanwhile } from '../../../src/platform/files/write-attempt.ts';
import { writeTogether, type FilesToWrite } from '../../../src/platform/files/write-together.ts';
import { Crash, createFailingFileSystem, type Fault } from '../../support/failing-file-system.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { treeOf } from '../../support/tree.ts';

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

  it('are all undone when any call fails, however far it came', () => {
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

  it('arrive whole, the replacement last, wherever the process is killed', () => {
    const { fs, attempt } = write(temporaryDirectory(seed));
    attempt();
    const whole = { 'a/b/c.md': 'two', 'there/new.md': 'one', 'there/catalog.yaml': 'new\n' };
    const seen = new Set<string>();
    for (const [index, call] of fs.log.entries()) {
      for (const when of ['before', 'during', 'after'] as const) {
        const root = temporaryDirectory(seed);
        const fault = { kind: 'crash', at: index + 1, when } as const;
        expect(write(root, files, fault).attempt, call).toThrow(Crash);
        const there = Object.keys(treeOf(root)).filter((path) => !path.includes('.n.'));
        const isThere = (path: string) => there.includes(path);
        const text = (path: string) => readFileSync(join(root, path), 'utf8');
        expect(text('there/own.md')).toBe('mine\n');
        expect(isThere('a'), call).toBe(isThere('a/b/c.md'));
        for (const path of ['a/b/c.md', 'there/new.md'] as const) {
          if (isThere(path)) expect(text(path), call).toBe(whole[path]);
        }
        const catalog = text('there/catalog.yaml');
        expect(['old\n', 'new\n']).toContain(catalog);
        if (catalog === 'new\n') expect(there).toEqual(expect.arrayContaining(Object.keys(whole)));
        seen.add(`${isThere('a')} ${isThere('there/new.md')} ${catalog}`);
      }
    }
    expect(seen.size).toBe(4);
  });

  it.each([
    ['an exchange of names', ['exchange']],
    ['hard links', ['link']],
    ['either', ['exchange', 'link']],
  ] as const)('need no %s', (_name, missing) => {
    const root = temporaryDirectory(seed);
    const disk = createDiskFileSystem();
    const without = Object.fromEntries(
      missing.map((call) => [
        call,
        (path: string) => {
          throw systemError('ENOTSUP', 'not here', call, path);
        },
      ]),
    );
    writeTogether({ fs: { ...disk, ...without }, root, umask: 0o022, nonce: 'n' }, files);
    const whole = temporaryDirectory(seed);
    write(whole).attempt();
    expect(treeOf(root)).toEqual(treeOf(whole));
  });

  it('give back what somebody else wrote in the moment of the replacement', () => {
    const root = temporaryDirectory(seed);
    const disk = createDiskFileSystem();
    const catalog = join(root, 'there/catalog.yaml');
    let interfered = false;
    const fs = {
      ...disk,
      exchange(left: string, right: string) {
        if (!interfered) writeFileSync(catalog, 'theirs\n');
        interfered = true;
        disk.exchange(left, right);
      },
    };
    const attempt = () => writeTogether({ fs, root, umask: 0o022, nonce: 'n' }, files);
    expect(attempt).toThrow(ChangedMeanwhile);
    expect(treeOf(root)).toEqual(
      treeOf(temporaryDirectory({ ...seed, 'there/catalog.yaml': 'theirs\n' })),
    );
  });

  it.each(['a', 'there/new.md'])('never replace what comes to %s in the last moment', (path) => {
    const root = temporaryDirectory(seed);
    const disk = createDiskFileSystem();
    const arrive = (name: 'rename' | 'link') => (from: string, to: string) => {
      if (to === join(root, path)) outputFileSync(name === 'link' ? to : join(to, 'x'), 'theirs');
      disk[name](from, to);
    };
    const fs = { ...disk, rename: arrive('rename'), link: arrive('link') };
    const attempt = () => writeTogether({ fs, root, umask: 0o022, nonce: 'n' }, files);
    expect(attempt).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    const theirs = path === 'a' ? { 'a/x': 'theirs' } : { [path]: 'theirs' };
    expect(treeOf(root)).toEqual(treeOf(temporaryDirectory({ ...seed, ...theirs })));
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
