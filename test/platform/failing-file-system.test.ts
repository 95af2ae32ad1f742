import { expect, test } from 'vitest';
import { errnoOf } from '../../src/core/errors.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import {
  Crash,
  createFailingFileSystem,
  describeFault,
  everyFault,
} from '../support/failing-file-system.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';

/** The right way to replace a file, and a wrong one: what the sweep is for tells them apart. */
function replaceByRename(fs: FileSystem): void {
  fs.writeNew('/d/f.new', Buffer.from('new state'), 0o644);
  fs.rename('/d/f.new', '/d/f');
}
function replaceInPlace(fs: FileSystem): void {
  fs.truncate('/d/f', 0);
  fs.append('/d/f', Buffer.from('new state'));
}

/** What is left at the path after each fault. */
function sweep(replace: (fs: FileSystem) => void): Set<string> {
  const start = () => createMemoryFileSystem({ '/d/f': 'old state' });
  const counting = createFailingFileSystem(start());
  replace(counting);
  const outcomes = new Set<string>();
  for (const fault of everyFault(counting.log.length)) {
    const fs = start();
    expect(() => replace(createFailingFileSystem(fs, { fault })), describeFault(fault)).toThrow();
    outcomes.add(fs.read('/d/f').toString());
  }
  return outcomes;
}

test('a sweep over a safe replacement finds the old or the new state', () => {
  expect(sweep(replaceByRename)).toEqual(new Set(['old state', 'new state']));
});

test('a sweep over an unsafe replacement finds what it must never be', () => {
  expect(sweep(replaceInPlace)).toEqual(new Set(['old state', 'new state', '', 'new ']));
});

test('it counts mutating calls, and syncs when asked to', async () => {
  for (const [syncs, count] of [
    [false, 2],
    [true, 4],
  ] as const) {
    const fs = createFailingFileSystem(createMemoryFileSystem({ '/d': null }), { syncs });
    fs.writeNew('/d/a', Buffer.from('x'), 0o644);
    fs.read('/d/a');
    fs.sync('/d/a');
    await fs.barrier(['/d']);
    fs.rename('/d/a', '/d/b');
    expect(fs.log).toHaveLength(count);
    expect(fs.log.at(-1)).toBe('rename /d/a /d/b');
  }
});

test('a fault strikes once, a lasting one from then on', () => {
  for (const lasting of [false, true]) {
    const inner = createMemoryFileSystem({ '/d': null });
    const fault = { kind: 'refuse', at: 2, errno: 'EIO', lasting } as const;
    const fs = createFailingFileSystem(inner, { fault });
    fs.makeDirectory('/d/1', 0o755);
    expect(() => fs.makeDirectory('/d/2', 0o755)).toThrow('EIO');
    if (lasting) expect(() => fs.makeDirectory('/d/3', 0o755)).toThrow('EIO');
    else fs.makeDirectory('/d/3', 0o755);
    expect(inner.list('/d')).toEqual(lasting ? ['1'] : ['1', '3']);
  }
});

test('a lie is told after the deed', () => {
  const inner = createMemoryFileSystem({ '/d': null });
  const fs = createFailingFileSystem(inner, { fault: { kind: 'lie', at: 1, errno: 'EIO' } });
  let code: unknown;
  try {
    fs.makeDirectory('/d/1', 0o755);
  } catch (error) {
    code = errnoOf(error);
  }
  expect(code).toBe('EIO');
  expect(inner.list('/d')).toEqual(['1']);
});

test('after a crash nothing works any more, reading neither', async () => {
  const inner = createMemoryFileSystem({ '/d/f': 'x' });
  const fs = createFailingFileSystem(inner, { fault: { kind: 'crash', at: 1, when: 'after' } });
  expect(() => fs.unlink('/d/f')).toThrow(Crash);
  expect(inner.list('/d')).toEqual([]);
  expect(() => fs.makeDirectory('/d/1', 0o755)).toThrow(Crash);
  expect(() => fs.list('/d')).toThrow(Crash);
  await expect(fs.barrier(['/d'])).rejects.toThrow(Crash);
  expect(inner.list('/d')).toEqual([]);
});

test('a barrier can fail and be crashed at, too', async () => {
  const inner = createMemoryFileSystem({ '/d': null });
  const failing = createFailingFileSystem(inner, {
    syncs: true,
    fault: { kind: 'lie', at: 1, errno: 'EIO' },
  });
  await expect(failing.barrier(['/d'])).rejects.toMatchObject({ code: 'EIO' });
  const crashing = createFailingFileSystem(inner, {
    syncs: true,
    fault: { kind: 'crash', at: 1, when: 'after' },
  });
  await expect(crashing.barrier(['/d'])).rejects.toThrow(Crash);
});
