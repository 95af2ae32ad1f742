import { expect } from 'vitest';
import { errnoOf } from '../../src/core/errors.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';

/** A file system under test with an empty directory in it. */
export interface Subject {
  readonly fs: FileSystem;
  readonly root: string;
  /** The port cannot make symbolic links; the suite needs them as an obstacle. */
  readonly symlink: (target: string, path: string) => void;
}

/** The errno of what the call throws; a call that does not throw fails the test. */
export function errnoThrownBy(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    return errnoOf(error) ?? `no errno: ${String(error)}`;
  }
  return expect.fail('nothing was thrown');
}

export const text = (value: string): Buffer => Buffer.from(value);
