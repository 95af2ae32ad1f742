import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, type Stats } from 'node:fs';
import { errnoOf, InstallError } from '../core/errors.ts';
import { createExclusive, openRegular, readToEnd, writeAll } from './disk/descriptor.ts';
import type { HeldLock, LockAttempt, LockHolder, Locks } from './lock.ts';
import { nativeExtensions, type NativeExtensions } from './native-extensions.ts';

/**
 * Locks by the kernel, on open file descriptions: a second attempt in the same process is busy too,
 * and the lock is released however its holder ends, so that no lock ever has to be considered
 * stale.
 *
 * `tryLock` throws E_PLATFORM where the binding or the file system cannot lock, and the operating
 * system's own error where the file cannot be opened (ELOOP for a link).
 */
export function createKernelLocks(): Locks {
  return { tryLock };
}

function tryLock(path: string, holder: LockHolder): LockAttempt {
  const binding = loadBinding();
  for (;;) {
    const descriptor = openLockFile(path);
    try {
      if (!attempt(binding, descriptor, path)) {
        const { size } = fstatSync(descriptor);
        const shown = readHolder(descriptor, size);
        closeSync(descriptor);
        return { kind: 'busy', holder: shown };
      }
      if (stillNamed(descriptor, path)) {
        introduce(descriptor, holder, path);
        return { kind: 'held', lock: heldBy(descriptor) };
      }
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    // The file was removed or replaced by hand between open and lock: the locked file is no longer
    // the one that the next run would open.
    closeSync(descriptor);
  }
}

function loadBinding(): NativeExtensions {
  try {
    return nativeExtensions();
  } catch (cause) {
    throw new InstallError('E_PLATFORM', 'The file lock of this platform cannot be loaded.', {
      remedy:
        'Use Linux with glibc, macOS or Windows, on x64 or arm64. If this is one of them, install the package again: its files are not complete.',
      details: { platform: process.platform, architecture: process.arch },
      cause,
    });
  }
}

function openLockFile(path: string): number {
  const { O_RDWR } = constants;
  for (;;) {
    try {
      return openRegular(path, O_RDWR).descriptor;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
    try {
      return createExclusive(path, 0o600, O_RDWR);
    } catch (error) {
      // Another run has created it in between: open that one.
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

const cannotLock = ['ENOLCK', 'ENOSYS', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP'];

function attempt(binding: NativeExtensions, descriptor: number, path: string): boolean {
  try {
    return binding.tryLock(descriptor);
  } catch (cause) {
    const code = errnoOf(cause) ?? '';
    if (code === 'EBUSY' || code === 'EACCES') return false;
    if (!cannotLock.includes(code)) throw cause;
    throw new InstallError(
      'E_PLATFORM',
      `The file system of ${path} cannot lock files (${code}).`,
      {
        remedy: { kind: 'option', option: 'home', to: 'use a home on a local disk' },
        details: { path, errno: code },
        cause,
      },
    );
  }
}

function stillNamed(descriptor: number, path: string): boolean {
  const held = fstatSync(descriptor);
  const atPath: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  return atPath !== undefined && atPath.ino === held.ino && atPath.dev === held.dev;
}

/** Records who holds the lock. A full disk must not prevent this: a rollback may free space. */
function introduce(descriptor: number, holder: LockHolder, path: string): void {
  try {
    ftruncateSync(descriptor, 0);
    writeAll(descriptor, Buffer.from(`${JSON.stringify(holder)}\n`), path);
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '')) throw error;
  }
}

/** What the holder wrote; undefined until it has written all of it. */
function readHolder(descriptor: number, size: number): LockHolder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readToEnd(descriptor, Math.min(size, 65_536)).toString('utf8'));
  } catch (error) {
    // Torn or empty; EBUSY and EACCES come from Windows, where a locked range cannot be read.
    if (error instanceof SyntaxError) return undefined;
    if (['EBUSY', 'EACCES', 'EPERM'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
  return isHolder(value) ? value : undefined;
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, command, since } = value as Record<keyof LockHolder, unknown>;
  return (
    typeof pid === 'number' &&
    typeof host === 'string' &&
    typeof command === 'string' &&
    typeof since === 'string'
  );
}

function heldBy(descriptor: number): HeldLock {
  let open = true;
  return {
    release() {
      // Closing releases the lock; a second close could hit a descriptor of someone else.
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}
