/** The lock around everything that writes objects or refs of releases, and the cleanup under it. */
import { join } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { steps } from '../core/remedy.ts';
import type { FileSystem } from '../platform/file-system.ts';
import { makeDirectories } from '../platform/files/make-directories.ts';
import type { ProcessMark } from '../platform/git.ts';
import type { HeldLock, LockHolder } from '../platform/lock.ts';
import { waitForLock } from '../platform/lock-wait.ts';
import { discardTree } from '../platform/files/discard-tree.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';

const defaultWaitMs = 60_000;

/**
 * Runs `work` under `releases.lock`, with a store that exists and that no orphan of an earlier run
 * still writes to. Waits for another holder, up to `context.lockWaitMs`.
 *
 * `onSpawn`, handed to `work`, notes a child in `releases.pid`: if this process dies, the next
 * holder ends it.
 * @throws E_HOME_LOCKED naming the holder; E_INTERRUPTED
 */
export async function underReleaseLock<T>(
  context: ReleaseContext,
  work: (onSpawn: (mark: ProcessMark) => void) => Promise<T>,
): Promise<T> {
  // It contains texts for agents, so only its owner may read it. No lock is held yet.
  makeDirectories(context.fs, context.releasesDirectory, 0o700);
  const lock = await lockReleases(context);
  try {
    await endOrphans(context);
    removeLeftovers(context);
    await ensureStore(context);
    const result = await work((mark) => noteChild(context, mark));
    forgetChildren(context);
    return result;
  } catch (error) {
    await tidy(context);
    throw error;
  } finally {
    lock.release();
  }
}

async function lockReleases(context: ReleaseContext): Promise<HeldLock> {
  const { clock, environment, locks, signal, onLockBusy } = context;
  const path = join(context.releasesDirectory, 'releases.lock');
  const holder: LockHolder = {
    pid: environment.pid,
    host: environment.hostName,
    command: 'identity-install (fetching a release)',
    since: clock.now().toISOString(),
  };
  const waitMs = context.lockWaitMs ?? defaultWaitMs;
  const attempt = await waitForLock(() => locks.tryLock(path, holder), {
    waitMs,
    clock,
    signal,
    onBusy: onLockBusy,
  });
  if (attempt.kind === 'busy') throw locked(attempt.holder, waitMs);
  return attempt.lock;
}

function locked(holder: LockHolder | undefined, waitMs: number): InstallError {
  const who =
    holder === undefined
      ? 'another run'
      : `process ${holder.pid} on ${printable(holder.host)} since ${printable(holder.since)}`;
  return new InstallError(
    'E_HOME_LOCKED',
    `Releases of this home are being fetched by ${who}; waited ${Math.round(waitMs / 1000)} s.`,
    {
      remedy: steps('Try again when that run has ended.', {
        kind: 'option',
        option: 'wait',
        to: 'wait for it longer',
      }),
      details: { holder },
    },
  );
}

function pidFile(context: ReleaseContext): string {
  return join(context.releasesDirectory, 'releases.pid');
}

function noteChild(context: ReleaseContext, mark: ProcessMark): void {
  context.fs.append(pidFile(context), Buffer.from(`${JSON.stringify(mark)}\n`));
}

function forgetChildren({ fs, releasesDirectory }: ReleaseContext): void {
  const path = join(releasesDirectory, 'releases.pid');
  if ((fs.stat(path)?.size ?? 0) > 0) fs.truncate(path, 0);
}

/** A fetch whose parent was killed continues to write; it must end before anyone else writes. */
async function endOrphans(context: ReleaseContext): Promise<void> {
  const path = pidFile(context);
  if ((context.fs.stat(path)?.size ?? 0) === 0) return;
  for (const line of context.fs.read(path).toString('utf8').split('\n')) {
    const mark = parseMark(line);
    if (mark !== undefined) await context.git.endOrphan(mark);
  }
  forgetChildren(context);
}

/**
 * After a failure: removes what was received, which takes up space. The failure itself is what is
 * reported.
 */
async function tidy(context: ReleaseContext): Promise<void> {
  try {
    await endOrphans(context);
    removeLeftovers(context);
  } catch {
    // The next holder of the lock does the same, and says why it cannot.
  }
}

/** A line that was cut short by our death does not identify a process. */
function parseMark(line: string): ProcessMark | undefined {
  const [, pid, birth] = /^\{"pid":(\d+),"birth":"([^"\\]+)"\}$/.exec(line) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), birth };
}

/** What a killed git leaves behind: locks that would stop the next one, incomplete packs. */
function removeLeftovers(context: ReleaseContext): void {
  const { fs } = context;
  const store = storeDirectory(context);
  if (fs.stat(store) === undefined) return;
  for (const name of ['shallow.lock', 'packed-refs.lock', 'config.lock', 'HEAD.lock']) {
    const path = join(store, name);
    if (fs.stat(path) !== undefined) fs.unlink(path);
  }
  for (const name of ['incoming', 'sources']) removeRefLocks(fs, join(store, 'refs', name));
  const packs = join(store, 'objects', 'pack');
  if (fs.stat(packs) === undefined) return;
  for (const name of fs.list(packs)) {
    if (name.startsWith('tmp_')) fs.unlink(join(packs, name));
  }
}

/** git syncs the lock of a ref before it renames it to the ref: a power cut leaves it behind. */
function removeRefLocks(fs: FileSystem, directory: string): void {
  if (fs.stat(directory) === undefined) return;
  for (const name of namesIn(fs, directory)) {
    const path = join(directory, name);
    if (fs.stat(path)?.kind === 'directory') removeRefLocks(fs, path);
    else if (name.endsWith('.lock')) fs.unlink(path);
  }
}

/**
 * Created under another name first, so that `releases.git` is complete or absent, even after a
 * power cut. git syncs objects and refs, but not HEAD and config, without which it is not a
 * repository.
 */
async function ensureStore(context: ReleaseContext): Promise<void> {
  const { fs, git, signal } = context;
  const store = storeDirectory(context);
  if (fs.stat(store) !== undefined) return;
  const draft = `${store}.new`;
  // git would complete it, but accepts a HEAD even if its bytes were lost.
  if (fs.stat(draft) !== undefined) discardTree(fs, draft);
  await git.createStore(draft, signal);
  await fs.barrier([draft]);
  fs.rename(draft, store);
}

/** Empty if somebody's tag has a name that is not UTF-8: such files stay. */
function namesIn(fs: FileSystem, directory: string): string[] {
  try {
    return fs.list(directory);
  } catch (error) {
    if (errnoOf(error) === 'EILSEQ') return [];
    throw error;
  }
}
