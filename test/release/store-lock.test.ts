import { outputFileSync } from 'fs-extra/esm';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import { birthOf, markProcess } from '../../src/platform/process-mark.ts';
import { systemError } from '../../src/platform/system-error.ts';
import type { ReleaseContext } from '../../src/release/context.ts';
import { underReleaseLock } from '../../src/release/store-lock.ts';
import { createFailingFileSystem } from '../support/failing-file-system.ts';
import { createReleaseContext } from '../support/release-context.ts';

const nothing = (): Promise<void> => Promise.resolve();

async function madeContext(overrides: Partial<ReleaseContext> = {}): Promise<ReleaseContext> {
  const context = createReleaseContext(overrides);
  await underReleaseLock(context, nothing);
  return context;
}

/** A process in a group of its own, as a fetch is. */
function startSleeper(): number {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  child.unref();
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid!;
}

it('makes the state directory for the owner only, and a store that git accepts', async () => {
  const context = await madeContext();
  expect(statSync(context.releasesDirectory).mode & 0o777).toBe(0o700);
  expect(await context.git.refs(join(context.releasesDirectory, 'releases.git'), 'refs/')).toEqual(
    [],
  );
  expect(existsSync(join(context.releasesDirectory, 'releases.git.new'))).toBe(false);
});

it('completes a store whose making was interrupted', async () => {
  const context = createReleaseContext();
  mkdirSync(join(context.releasesDirectory, 'releases.git.new', 'objects'), { recursive: true });
  await underReleaseLock(context, nothing);
  expect(await context.git.refs(join(context.releasesDirectory, 'releases.git'), 'refs/')).toEqual(
    [],
  );
});

it('makes a new store durable before it gives it its name', async () => {
  const fs = createFailingFileSystem(createDiskFileSystem(), { syncs: true });
  const { releasesDirectory } = await madeContext({ fs });
  const store = join(releasesDirectory, 'releases.git');
  const written = fs.log.filter((call) => call.includes(store));
  expect(written).toEqual([`barrier ${store}.new`, `rename ${store}.new ${store}`]);
});

it('begins anew where a power cut left names without bytes', async () => {
  const context = createReleaseContext();
  const draft = join(context.releasesDirectory, 'releases.git.new');
  mkdirSync(join(draft, 'refs'), { recursive: true });
  for (const name of ['HEAD', 'config']) writeFileSync(join(draft, name), '');
  await underReleaseLock(context, nothing);
  expect(await context.git.refs(join(context.releasesDirectory, 'releases.git'), 'refs/')).toEqual(
    [],
  );
});

describe('while another run holds the lock', () => {
  it('waits for it', async () => {
    const context = createReleaseContext({ lockWaitMs: 3_600_000 });
    const order: string[] = [];
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const first = underReleaseLock(context, async () => {
      await met;
      order.push('first');
    });
    const onLockBusy = () => {
      order.push('busy');
      meet();
    };
    await underReleaseLock({ ...context, onLockBusy }, async () => void order.push('second'));
    await first;
    expect(order).toEqual(['busy', 'first', 'second']);
  });

  it('gives up in the end, naming the holder', async () => {
    const context = createReleaseContext({ lockWaitMs: 0 });
    await underReleaseLock(context, async () => {
      await expect(underReleaseLock(context, nothing)).rejects.toThrow(
        expect.objectContaining({
          code: 'E_HOME_LOCKED',
          message: expect.stringContaining(`process ${process.pid} on test-host`),
        }),
      );
    });
  });

  it('stops waiting when the run is interrupted', async () => {
    const abort = new AbortController();
    const context = createReleaseContext();
    await underReleaseLock(context, async () => {
      const waiting = underReleaseLock({ ...context, signal: abort.signal }, nothing);
      abort.abort();
      await expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'E_INTERRUPTED' }));
    });
  });
});

it('gives the lock back when the work fails', async () => {
  const context = createReleaseContext({ lockWaitMs: 0 });
  const failing = underReleaseLock(context, () => Promise.reject(new Error('work failed')));
  await expect(failing).rejects.toThrow('work failed');
  expect(await underReleaseLock(context, async () => 'free')).toBe('free');
});

it('says why the work failed, also when nothing can be tidied after it; the next run tidies', async () => {
  const disk = createDiskFileSystem();
  const refusing = {
    ...disk,
    unlink(path: string): never {
      throw systemError('EROFS', 'read-only', 'unlink', path);
    },
  };
  const context = await madeContext();
  const half = join(context.releasesDirectory, 'releases.git', 'objects', 'pack', 'tmp_pack_x');
  const work = (): Promise<void> => {
    writeFileSync(half, 'half');
    return Promise.reject(new Error('work failed'));
  };
  await expect(underReleaseLock({ ...context, fs: refusing }, work)).rejects.toThrow('work failed');
  expect(existsSync(half)).toBe(true);
  await expect(underReleaseLock({ ...context, fs: refusing }, nothing)).rejects.toThrow('EROFS');
  await underReleaseLock(context, nothing);
  expect(existsSync(half)).toBe(false);
});

describe('what a run that died left behind', () => {
  it('an orphaned fetch is ended before anything else happens', async () => {
    const context = await madeContext();
    const pid = startSleeper();
    writeFileSync(
      join(context.releasesDirectory, 'releases.pid'),
      `${JSON.stringify(markProcess(pid))}\n{"pid":12`,
    );
    const alive = await underReleaseLock(context, async () => birthOf(pid) !== undefined);
    expect(alive).toBe(false);
    expect(readFileSync(join(context.releasesDirectory, 'releases.pid'), 'utf8')).toBe('');
  });

  it('a process that only has the same number is left alone', async () => {
    const context = await madeContext();
    const pid = startSleeper();
    const mark = { pid, birth: 'another boot:1' };
    writeFileSync(join(context.releasesDirectory, 'releases.pid'), `${JSON.stringify(mark)}\n`);
    expect(await underReleaseLock(context, async () => birthOf(pid) !== undefined)).toBe(true);
  });

  it('lock files and half packs of git are removed', async () => {
    const context = await madeContext();
    const store = join(context.releasesDirectory, 'releases.git');
    const leftovers = ['shallow.lock', 'packed-refs.lock', 'objects/pack/tmp_pack_x'];
    for (const name of leftovers) writeFileSync(join(store, name), '');
    await underReleaseLock(context, nothing);
    expect(leftovers.filter((name) => existsSync(join(store, name)))).toEqual([]);
  });

  it('locks of refs that a fetch was writing are removed, refs are not', async () => {
    const context = await madeContext();
    const refs = join(context.releasesDirectory, 'releases.git', 'refs');
    const names = ['incoming/x/tags/v1.lock', 'sources/x/tags/v1.lock', 'sources/x/tags/v1'];
    for (const name of names) outputFileSync(join(refs, name), '');
    mkdirSync(join(refs, 'incoming/x/history'));
    writeFileSync(Buffer.from(join(refs, 'incoming/x/history/\xff'), 'latin1'), '');
    await underReleaseLock(context, nothing);
    expect(names.filter((name) => existsSync(join(refs, name)))).toEqual(['sources/x/tags/v1']);
  });
});

it('children are noted while they run and forgotten when the work is done', async () => {
  const context = createReleaseContext();
  const file = join(context.releasesDirectory, 'releases.pid');
  const noted = await underReleaseLock(context, async (onSpawn) => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    const mark = markProcess(child.pid!);
    onSpawn(mark);
    const text = readFileSync(file, 'utf8');
    child.kill();
    await once(child, 'close');
    return { text, mark };
  });
  expect(JSON.parse(noted.text)).toEqual(noted.mark);
  expect(readFileSync(file, 'utf8')).toBe('');
});
