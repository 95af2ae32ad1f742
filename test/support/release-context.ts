import { join } from 'node:path';
import { createTestDisk } from './test-disk.ts';
import type { Environment } from '../../src/platform/environment.ts';
import type { Git } from '../../src/platform/git.ts';
import { createGzipTarArchive } from '../../src/platform/archive/gzip-tar.ts';
import { createKernelLocks } from '../../src/platform/kernel-lock.ts';
import { silentProgress } from '../../src/platform/progress.ts';
import type { ReleaseContext } from '../../src/release/context.ts';
import type { Source } from '../../src/release/source.ts';
import { parseSource } from '../../src/release/parse-source.ts';
import { createTestGit } from './loose-git.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The process as it is, but with an empty home directory. */
export function testEnvironment(overrides: Partial<Environment> = {}): Environment {
  const homeDirectory = temporaryDirectory();
  return {
    variables: { PATH: process.env['PATH'], HOME: homeDirectory },
    workingDirectory: homeDirectory,
    homeDirectory,
    uid: process.getuid?.(),
    umask: 0o022,
    hostName: 'test-host',
    pid: process.pid,
    platform: process.platform,
    packageDirectory: homeDirectory,
    ...overrides,
  };
}

/**
 * Everything real: disk, kernel locks, clock, and git for whatever is not plain (`loose-git.ts`). The
 * home is a temporary directory.
 */
export function createReleaseContext(overrides: Partial<ReleaseContext> = {}): ReleaseContext {
  const environment = overrides.environment ?? testEnvironment();
  return {
    git: createTestGit(environment),
    fs: createTestDisk(),
    locks: createKernelLocks(),
    archive: createGzipTarArchive(),
    clock: { now: () => new Date(), monotonic: () => performance.now() },
    environment,
    progress: silentProgress,
    releasesDirectory: join(temporaryDirectory(), 'home', '.identity-install'),
    // Far longer than anything takes on the busiest machine; who tests the limit sets it.
    lockWaitMs: 3_600_000,
    idleMs: 600_000,
    ...overrides,
  };
}

export function sourceOf(context: ReleaseContext, text: string, allowHttp = false): Source {
  return parseSource(text, { fs: context.fs, environment: context.environment, allowHttp });
}

/** A git that writes down which of its calls are made. */
export function recordingGit(git: Git): { readonly git: Git; readonly calls: string[] } {
  const calls: string[] = [];
  const recorded = new Proxy(git, {
    get(target, name, receiver): unknown {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        calls.push(String(name));
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { git: recorded, calls };
}
