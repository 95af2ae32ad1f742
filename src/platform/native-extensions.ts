import { createRequire } from 'node:module';
import { systemError } from './system-error.ts';

/** What is used of `fs-native-extensions`, which ships no types. */
export interface NativeExtensions {
  /** Exclusive lock on the whole file; false while another open file description holds it. */
  tryLock(descriptor: number): boolean;
  swapSync(left: string, right: string): void;
}

let loaded: NativeExtensions | undefined;

/**
 * The native binding, loaded at first use: most commands never need it, and it is the one part
 * that may be missing on a platform. `require` finds it from the package's own directory, bundled
 * or not; the bundle leaves it out.
 *
 * @throws what node throws when there is no binary for this platform
 */
export function nativeExtensions(): NativeExtensions {
  loaded ??= createRequire(import.meta.url)('fs-native-extensions') as NativeExtensions;
  return loaded;
}

/**
 * Exchanges two paths in one step: renameat2(RENAME_EXCHANGE) on Linux, renamex_np on macOS.
 *
 * @throws ENOSYS where there is no such step. On Windows the binding does three moves; a crash
 *   between them would leave a live path missing, so that counts as not having it.
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

/** The binding's errors carry a code but neither call nor path. */
function namedAfterSystem(cause: unknown, left: string, right: string): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const name = typeof code === 'string' ? code : 'EIO';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return Object.assign(systemError(name, reason, 'exchange', left), { dest: right, cause });
}
