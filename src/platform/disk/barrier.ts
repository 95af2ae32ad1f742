import { spawn } from 'node:child_process';
import { closeSync, constants, fsyncSync, lstatSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { errnoOf } from '../../core/errors.ts';
import { openExisting } from './descriptor.ts';

const windows = process.platform === 'win32';

/**
 * Makes everything below the paths durable. On Linux this is one syncfs(2) for each file system, by
 * the `sync` program, because node has no such call: an fsync for each file costs twenty times the
 * writing. Elsewhere, and where `sync` is missing, cannot do it (busybox builds without `-f`) or
 * reports an error, every file and directory is synced by itself; which also shows what failed.
 */
export async function flushFileSystems(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  if (process.platform === 'linux' && (await syncDevices(onePathPerDevice(paths)))) return;
  for (const path of paths) await syncTree(path);
}

function onePathPerDevice(paths: readonly string[]): string[] {
  const byDevice = new Map<bigint, string>();
  for (const path of paths) byDevice.set(lstatSync(path, { bigint: true }).dev, path);
  return [...byDevice.values()];
}

/**
 * Whether `sync -f` reports success. Asynchronous, because it may take seconds on a busy machine.
 */
function syncDevices(paths: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('sync', ['-f', ...paths], { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (exitCode) => resolve(exitCode === 0));
  });
}

/** Children before their directory, links skipped, because they have no content of their own. */
async function syncTree(path: string): Promise<void> {
  if (!lstatSync(path).isDirectory()) {
    syncPath(path);
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (isSyncable(entry)) await syncTree(join(path, entry.name));
  }
  syncPath(path);
  await turn();
}

function isSyncable(entry: Dirent): boolean {
  return entry.isFile() || entry.isDirectory();
}

/** fsync(2) of one file or one directory. */
export function syncPath(path: string): void {
  const directory = windows && lstatSync(path).isDirectory();
  try {
    const descriptor = openForSync(path, directory);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // Windows cannot sync a directory: NTFS journals names by itself.
    if (directory && ['EPERM', 'EISDIR', 'EACCES'].includes(errnoOf(error) ?? '')) return;
    throw error;
  }
}

function openForSync(path: string, directory: boolean): number {
  // Windows flushes only through a handle with write access.
  if (windows && !directory) return openExisting(path, constants.O_RDWR);
  try {
    return openExisting(path, constants.O_RDONLY);
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error;
    return openExisting(path, constants.O_WRONLY);
  }
}
