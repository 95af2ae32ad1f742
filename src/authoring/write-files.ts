import { errnoOf, InstallError } from '../core/errors.ts';
import type { Randomness } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { FileSystem } from '../platform/file-system.ts';
import { ChangedMeanwhile } from '../platform/files/write-attempt.ts';
import { writeTogether, type FilesToWrite } from '../platform/files/write-together.ts';
import { taken } from '../protocol/creator/plan-creation.ts';

export interface WriteContext {
  readonly fs: FileSystem;
  readonly environment: Environment;
  readonly randomness: Randomness;
}

/**
 * Writes an author's files: all of them or none.
 *
 * @throws InstallError E_CREATE_EXISTS; the operating system's own errors
 */
export function writeFiles(
  { fs, environment, randomness }: WriteContext,
  root: string,
  files: FilesToWrite,
): void {
  try {
    writeTogether(
      { fs, root, umask: environment.umask, nonce: `identity-${randomness.hex(6)}` },
      files,
    );
  } catch (error) {
    if (error instanceof ChangedMeanwhile) throw taken(error.message);
    const errno = errnoOf(error);
    if (errno !== 'EEXIST' && errno !== 'ENOTDIR' && errno !== 'ELOOP') throw error;
    const { path = root } = error as NodeJS.ErrnoException;
    throw new InstallError('E_CREATE_EXISTS', taken(path).message, {
      remedy: taken(path).remedy,
      details: { path },
      cause: error,
    });
  }
}
