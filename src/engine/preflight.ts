import { InstallError } from '../core/errors.ts';
import { steps } from '../core/remedy.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import type { Change } from './change.ts';

/** What the journal, the evidence and a half-full block of every file need besides the bytes. */
const slackBytes = 1 << 20;
const slackPerFile = 4096;

/**
 * Refuses early an operation that would fail half-way for lack of space: staged files, and the
 * backup of what they replace, are on the disk at the same time. Snapshots are counted
 * uncompressed.
 *
 * @param also bytes that are written in addition, for example a whole-instance snapshot
 * @throws InstallError E_NO_SPACE
 */
export function requireSpace(
  fs: ReadFileSystem,
  stateDirectory: string,
  changes: readonly Change[],
  also = 0,
): void {
  const bytes = changes.reduce(
    (sum, { before, after }) =>
      sum +
      (before.kind === 'file' ? before.size : 0) +
      (after.kind === 'file' ? after.size + slackPerFile : 0),
    slackBytes + also,
  );
  const free = fs.freeBytes(stateDirectory);
  if (bytes <= free) return;
  throw new InstallError(
    'E_NO_SPACE',
    `The operation may need ${bytes} bytes, and ${stateDirectory} has ${free} free.`,
    {
      remedy: 'Nothing was changed. Free some space and try again.',
      details: { needed: bytes, free },
    },
  );
}

/**
 * Files can only be exchanged on the same file system. A mount at the instance is detected before
 * anything is written; one with an equal device number makes the operation abort.
 *
 * @throws InstallError E_FS_NO_EXCHANGE
 */
export function requireOneFileSystem(
  fs: ReadFileSystem,
  stateDirectory: string,
  instance: string,
): void {
  const here = fs.stat(stateDirectory)?.device;
  const there = fs.stat(instance)?.device;
  if (there === undefined || here === there) return;
  throw new InstallError(
    'E_FS_NO_EXCHANGE',
    `${instance} is on another file system than its home.`,
    {
      remedy: steps('Nothing was changed. Move the instance into the home.', {
        kind: 'option',
        option: 'home',
        to: 'use a home on the file system of the instance instead',
      }),
      details: { instance, stateDirectory },
    },
  );
}

/** @throws InstallError E_PLAN_CHANGED if the reviewed plan is not the current one */
export function refuseOtherPlan(reviewed: string | undefined, digest: string): void {
  if (reviewed === undefined || reviewed === digest) return;
  throw new InstallError(
    'E_PLAN_CHANGED',
    `The plan is now ${digest}, not ${reviewed}: the instance, the release or the options changed since it was reviewed.`,
    {
      remedy: steps('Nothing was changed.', {
        kind: 'option',
        option: 'plan',
        to: 'review the plan as it is now',
      }),
      details: { reviewed, digest },
    },
  );
}
