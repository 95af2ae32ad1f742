import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { errnoOf } from '../core/errors.ts';
import { systemError } from './system-error.ts';

/** Put in by the build (scripts/build.mjs): its copies of the binaries, as seen from a chunk. */
declare const NATIVE_DIRECTORY: string | undefined;

/** The part of `fs-native-extensions` that is used. */
export interface NativeExtensions {
  /** Exclusive lock on the whole file; false while another open file description holds it. */
  tryLock(descriptor: number): boolean;
  swapSync(left: string, right: string): void;
}

/** The part of the package that is native; it has no types. A length of 0 is the whole file. */
interface Binding {
  /** @throws EAGAIN while another open file description holds the lock */
  tryLock(descriptor: number, offset: number, length: number, exclusive: boolean): void;
  swapSync(left: string, right: string): void;
}

let loaded: NativeExtensions | undefined;

/**
 * The native binding, loaded at first use: most commands never need it, and it is the one part
 * that may be missing on a platform.
 *
 * @throws what node throws if there is no binary for this platform
 */
export function nativeExtensions(): NativeExtensions {
  loaded ??= extensionsOf(loadBinding());
  return loaded;
}

/**
 * The sources load the binding from the package itself. The built program loads its own copies:
 * nothing has to be installed beside it (docs/adr/0019-one-package.md).
 */
function loadBinding(): Binding {
  const load = createRequire(import.meta.url);
  if (typeof NATIVE_DIRECTORY !== 'string')
    return load('fs-native-extensions/binding.js') as Binding;
  // The binaries for Linux are made for glibc.
  const isMusl = process.platform === 'linux' && existsSync('/etc/alpine-release');
  const host = `${process.platform}-${process.arch}${isMusl ? '-musl' : ''}`;
  return load(`${NATIVE_DIRECTORY}/${host}.node`) as Binding;
}

function extensionsOf(binding: Binding): NativeExtensions {
  return {
    tryLock(descriptor) {
      try {
        binding.tryLock(descriptor, 0, 0, true);
        return true;
      } catch (error) {
        if (errnoOf(error) === 'EAGAIN') return false;
        throw error;
      }
    },
    swapSync: (left, right) => binding.swapSync(left, right),
  };
}

/**
 * Exchanges two paths in one step: renameat2(RENAME_EXCHANGE) on Linux, renamex_np on macOS.
 *
 * @throws ENOSYS where this is not possible. On Windows the binding does three moves; a crash
 *   between them would leave a live path missing, so that counts as not possible.
 */
export function exchangePaths(left: string, right: string): void {
  if (process.platform === 'win32') throw notSupported(left);
  let binding: NativeExtensions;
  try {
    binding = nativeExtensions();
  } catch (cause) {
    throw Object.assign(notSupported(left), { cause });
  }
  try {
    binding.swapSync(left, right);
  } catch (cause) {
    throw namedAfterSystem(cause, left, right);
  }
}

function notSupported(path: string): Error {
  return systemError('ENOSYS', 'no atomic exchange on this platform', 'exchange', path);
}

/** The binding's errors have a code but neither call nor path. */
function namedAfterSystem(cause: unknown, left: string, right: string): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const name = typeof code === 'string' ? code : 'EIO';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return Object.assign(systemError(name, reason, 'exchange', left), { dest: right, cause });
}
