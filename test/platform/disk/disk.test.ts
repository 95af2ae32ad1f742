import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import { errnoThrownBy } from '../../support/file-system-subject.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const fs = createDiskFileSystem();
const linux = process.platform === 'linux';

afterEach(() => vi.unstubAllEnvs());

test.runIf(process.platform !== 'win32')('a FIFO is refused and never waited for', () => {
  const fifo = join(temporaryDirectory(), 'fifo');
  execFileSync('mkfifo', [fifo]);
  expect(fs.stat(fifo)?.kind).toBe('special');
  expect(errnoThrownBy(() => fs.read(fifo))).toBe('EINVAL');
  expect(errnoThrownBy(() => [...fs.readChunks(fifo)])).toBe('EINVAL');
  // Opening it for writing without a reader fails by itself.
  expect(errnoThrownBy(() => fs.append(fifo, Buffer.from('x')))).toBe('ENXIO');
});

test.runIf(linux)('a name that is not UTF-8 is refused, not decoded', () => {
  const root = temporaryDirectory({ plain: 'x' });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff, 0x0a])]), 'x');
  expect(() => fs.list(root)).toThrow(
    expect.objectContaining({ code: 'EILSEQ', message: expect.stringContaining('a\\xff\\x0a') }),
  );
});

test.runIf(linux)('a file that is larger than its size says is read to its end', () => {
  // Below /proc every file says that it is empty.
  expect(fs.read('/proc/self/status').toString()).toContain('Umask:');
});

test('chunks are one reused buffer', () => {
  const path = join(temporaryDirectory(), 'f');
  fs.writeNew(path, Buffer.alloc(3 * 1024 * 1024), 0o600);
  const buffers = new Set([...fs.readChunks(path)].map((chunk) => chunk.buffer));
  expect(buffers.size).toBe(1);
});

test.runIf(linux)('leaving a chunk loop early closes the file', () => {
  const path = join(temporaryDirectory(), 'f');
  fs.writeNew(path, Buffer.alloc(3 * 1024 * 1024), 0o600);
  /** How often this process has the file open. */
  const open = () =>
    fs.list('/proc/self/fd').filter((descriptor) => {
      const leadsTo = `/proc/self/fd/${descriptor}`;
      // The one that lists them is gone when it is looked at.
      return existsSync(leadsTo) && readlinkSync(leadsTo) === path;
    }).length;
  for (const chunk of fs.readChunks(path)) {
    if (chunk.byteLength === 0) continue;
    expect(open()).toBe(1);
    break;
  }
  expect(open()).toBe(0);
});

test('content that fails half way leaves what was written, and the error', () => {
  const path = join(temporaryDirectory(), 'f');
  function* content(): Generator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('source');
  }
  expect(() => fs.writeNew(path, content(), 0o600)).toThrow('source');
  expect(fs.read(path).toString()).toBe('half');
});

test('sync refuses to follow a link', () => {
  const root = temporaryDirectory({ f: 'x' });
  symlinkSync(join(root, 'f'), join(root, 'l'));
  expect(errnoThrownBy(() => fs.sync(join(root, 'l')))).toBe('ELOOP');
});

/** Puts a `sync` on the path that notes its arguments and ends as told; returns the note. */
function fakeSync(exitCode: number): () => string[] {
  const bin = temporaryDirectory();
  const program = join(bin, 'sync');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" >> "${bin}/note"\nexit ${exitCode}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', bin);
  return () => readFileSync(join(bin, 'note'), 'utf8').trimEnd().split('\n');
}

test.runIf(linux)('the barrier is one sync for each file system', async () => {
  const root = temporaryDirectory({ 'a/f': 'x', 'b/f': 'x' });
  const note = fakeSync(0);
  await fs.barrier([join(root, 'a'), join(root, 'b'), root]);
  expect(note()).toEqual(['-f', root]);
});

test.runIf(linux)('a sync that fails is followed by a walk', async () => {
  const root = temporaryDirectory({ 'a/f': 'x' });
  mkdirSync(join(root, 'a', 'd'));
  execFileSync('mkfifo', [join(root, 'a', 'fifo')]);
  symlinkSync('nowhere', join(root, 'a', 'l'));
  const note = fakeSync(1);
  await fs.barrier([root]);
  expect(note()).toEqual(['-f', root]);
});

test.runIf(linux)('without a sync program the barrier walks', async () => {
  const root = temporaryDirectory({ 'a/f': 'x' });
  vi.stubEnv('PATH', temporaryDirectory());
  await fs.barrier([root]);
  await expect(fs.barrier([join(root, 'none')])).rejects.toMatchObject({ code: 'ENOENT' });
});
