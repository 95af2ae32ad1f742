import { join } from 'node:path';
import type { OperationContext } from '../../src/operations/context.ts';
import type { InstallRequest } from '../../src/operations/install/request.ts';
import { homeLayout } from '../../src/instance/layout.ts';
import { createTestDisk } from './test-disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { createGzipTarArchive } from '../../src/platform/archive/gzip-tar.ts';
import { createKernelLocks } from '../../src/platform/kernel-lock.ts';
import { silentProgress } from '../../src/platform/progress.ts';
import { createFixedClock, createFixedRandomness, type FixedClock } from './fixed-clock.ts';
import { environmentOf } from './environment.ts';
import { createTestGit } from './loose-git.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { releasesApart } from './releases-apart.ts';

export interface Workshop {
  readonly context: OperationContext;
  readonly clock: FixedClock;
  readonly home: string;
  /** The same home, worked on through another file system: one that fails, for example. */
  readonly through: (fs: FileSystem, releasesDirectory?: string) => OperationContext;
}

/** One for all workshops: two runs on one home must never draw the same. */
const randomness = createFixedRandomness();

/** A home on the real disk with the real adapters, and a clock that the test holds. */
export function openWorkshop(home = join(temporaryDirectory(), 'home')): Workshop {
  const clock = createFixedClock();
  const environment = environmentOf({
    workingDirectory: temporaryDirectory(),
    homeDirectory: temporaryDirectory(),
    variables: { PATH: process.env['PATH'] },
  });
  const layout = homeLayout(home);
  const through = (fs: FileSystem, releasesDirectory = layout.stateDirectory): OperationContext => {
    const archive = createGzipTarArchive();
    const locks = createKernelLocks();
    const git = createTestGit(environment);
    const progress = silentProgress;
    return {
      fs: releasesApart(fs, createTestDisk(), releasesDirectory),
      archive,
      clock,
      progress,
      layout,
      locks,
      randomness,
      environment,
      git,
      releasesDirectory,
      breathe: () => undefined,
      throwIfInterrupted: () => undefined,
      scope: 'explicit',
      tool: { name: 'identity-install', version: '0.0.0-test' },
      command: 'identity-install',
      undoCommand: (ref) => `identity-rollback ${ref}`,
    };
  };
  return { context: through(createTestDisk()), clock, home, through };
}

/** What `identity-install` without options asks for, and what the test adds. */
export function requestOf(given: Partial<InstallRequest> = {}): InstallRequest {
  return {
    ids: [],
    all: false,
    mode: 'preserve',
    backup: false,
    prune: false,
    includeState: false,
    keep: [],
    restoreDeleted: false,
    diff: false,
    frozen: false,
    offline: false,
    register: false,
    activate: false,
    allowDowngrade: false,
    acceptMovedTag: false,
    allowHttp: false,
    requireValid: false,
    strict: false,
    ...given,
  };
}
