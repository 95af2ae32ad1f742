import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  rmdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

export type VolumeType = 'xfs' | 'ext4';

/**
 * What of the journal of the file system has reached the disk when the power goes. `lost`: only
 * what was synced. `kept`: every change of names and sizes so far, but no bytes that were not
 * synced, which is what a commit of the journal just before the cut leaves.
 */
export type Log = 'lost' | 'kept';

/** A file system of its own, on a loop device, whose power can be cut. */
export interface Volume {
  readonly root: string;
  /** From here on every call on it fails, and nothing more reaches the disk. */
  cut(log: Log): void;
  /** Mounts it again, as after a power cut. Nothing on it may be open any more. */
  restart(): Promise<void>;
  /** Makes everything that is there now durable. */
  settle(): void;
}

/** The smallest that mkfs.xfs makes; the file that holds it is mostly hole. */
const bytes = 320 * 1024 * 1024;

/** Without `auto_da_alloc`, which writes a file out early when it is renamed over another. */
const options: Record<VolumeType, string> = { xfs: 'loop', ext4: 'loop,noauto_da_alloc' };

/** FS_IOC_SHUTDOWN, `_IOR('X', 125, __u32)`: XFS and ext4 stop as if the power went. */
const shutdown = `use Fcntl;
  sysopen(my $root, $ARGV[0], O_RDONLY) or die "$!\\n";
  defined(ioctl($root, 0x8004587d, pack("L", $ARGV[1]))) or die "$!\\n";`;

/** EXT4_GOING_FLAGS_LOGFLUSH and NOLOGFLUSH; XFS has the same numbers. */
const shutdownFlags: Record<Log, string> = { kept: '1', lost: '2' };

/** Why there can be no such volume here; undefined where there can. Found out by making one. */
export function whyNoVolume(type: VolumeType): string | undefined {
  if (process.platform !== 'linux') return 'loop mounts are for Linux';
  if (process.getuid?.() !== 0) return 'only root may mount';
  try {
    const { mounted, remove } = mountNew(type);
    try {
      run('perl', '-e', shutdown, mounted, shutdownFlags.lost);
    } finally {
      remove();
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** A new volume, gone when the running test is over, and also when its process dies. */
export function openVolume(type: VolumeType): Volume {
  const { directory, mounted, remove } = mountNew(type);
  // Reads until our end of the pipe is closed, by us or by our death.
  const guard = spawn(
    'sh',
    ['-c', 'cat; umount -l "$1"; rm -rf --one-file-system "$2"', 'guard', mounted, directory],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  );
  onTestFinished(() => {
    remove();
    guard.stdin.end();
  });
  return {
    root: mounted,
    cut: (log) => run('perl', '-e', shutdown, mounted, shutdownFlags[log]),
    async restart() {
      await unmount(mounted);
      run('mount', '-o', options[type], image(directory), mounted);
      // A mount namespace that somebody copied meanwhile holds on to what was shut down.
      for (let attempt = 1; isDown(mounted); attempt += 1) {
        if (attempt === 300) throw new Error(`${mounted} is held in another mount namespace`);
        await unmount(mounted);
        await sleep(100);
        run('mount', '-o', options[type], image(directory), mounted);
      }
    },
    settle: () => run('sync', '-f', mounted),
  };
}

function mountNew(type: VolumeType): { directory: string; mounted: string; remove: () => void } {
  const directory = mkdtempSync(join(roomiest(), 'identity-install-volume-'));
  const mounted = join(directory, 'mounted');
  const remove = () => {
    // Lazily, so that a test that failed with something open leaves nothing mounted either.
    spawnSync('umount', ['-l', mounted], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    mkdirSync(mounted);
    writeFileSync(image(directory), '');
    truncateSync(image(directory), bytes);
    run(`mkfs.${type}`, '-q', image(directory));
    run('mount', '-o', options[type], image(directory), mounted);
    return { directory, mounted, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function image(directory: string): string {
  return join(directory, 'image');
}

/** Memory where there is enough of it: a sweep syncs a thousand times. */
function roomiest(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize > 2 * bytes) return memory;
  } catch {
    // Not every system has it.
  }
  return tmpdir();
}

function isDown(mounted: string): boolean {
  try {
    mkdirSync(join(mounted, 'probe'));
    rmdirSync(join(mounted, 'probe'));
    return false;
  } catch {
    return true;
  }
}

/** A git that is just ending may keep the volume busy for a moment. */
async function unmount(mounted: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, stderr } = spawnSync('umount', [mounted], { encoding: 'utf8' });
    if (status === 0) return;
    if (attempt === 100) throw new Error(`umount: ${stderr}`);
    await sleep(20);
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}
