import { dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { FileSystem } from '../file-system.ts';
import { confinedTo } from './read-only.ts';

export interface AttemptOptions {
  readonly fs: FileSystem;
  /** Absolute, links resolved; an existing directory. Nothing outside of it is written. */
  readonly root: string;
  readonly umask: number;
  /** A word that no other run has, for names of temporary files. */
  readonly nonce: string;
}

/** What was to be replaced is no longer what was read. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/** Writing below a root that can be taken back, step by step. */
export interface WriteAttempt {
  /** Writes below the root, and nowhere else. */
  readonly fs: FileSystem;
  /** Of files and directories that are made. */
  readonly modes: { readonly file: number; readonly directory: number };
  /** Absolute. */
  readonly pathOf: (path: string) => string;
  /** A name in a directory that nobody else uses or looks at. */
  readonly newName: (directory: string) => string;
  /** Acts on names in a directory, which is reached through no link. */
  readonly within: <T>(directory: string, act: () => T) => T;
  /** @throws EEXIST when anything is there, links included */
  readonly writeNew: (at: string, bytes: Uint8Array, mode: number) => void;
  /** Removes a file that has these bytes, and no other. */
  readonly removeFile: (at: string, bytes: Uint8Array) => void;
  /** Whether this is a regular file of these bytes. */
  readonly holds: (at: string, bytes: Uint8Array) => boolean;
  /** How to take back what is done next. */
  readonly onTakeBack: (step: () => void) => void;
  /** What cannot be taken back stays: the error that led here is the one to tell. */
  readonly takeBack: () => void;
}

export function beginAttempt(options: AttemptOptions): WriteAttempt {
  const { root, umask, nonce } = options;
  const fs = confinedTo(options.fs, [root]);
  const steps: (() => void)[] = [];
  let names = 0;
  const within = <T>(directory: string, act: () => T): T => fs.within(root, directory, act);
  const holds = (at: string, bytes: Uint8Array): boolean =>
    fs.stat(at)?.kind === 'file' && fs.read(at).equals(bytes);
  return {
    fs,
    modes: { file: 0o666 & ~umask, directory: 0o777 & ~umask },
    pathOf: (path) => join(root, ...path.split('/')),
    newName: (directory) => join(directory, `.${nonce}.${(names += 1)}.new`),
    within,
    writeNew: (at, bytes, mode) =>
      within(dirname(at), () => {
        try {
          fs.writeNew(at, bytes, mode);
        } catch (error) {
          // A disk that fills up leaves the beginning of a file. What was there before is not ours.
          if (errnoOf(error) !== 'EEXIST' && fs.stat(at)?.kind === 'file') fs.unlink(at);
          throw error;
        }
      }),
    removeFile: (at, bytes) =>
      within(dirname(at), () => {
        if (holds(at, bytes)) fs.unlink(at);
      }),
    holds,
    onTakeBack: (step) => void steps.push(step),
    takeBack() {
      // Taking back is not taken back.
      for (const step of steps.splice(0).reverse()) {
        try {
          step();
        } catch (error) {
          if (!(error instanceof ChangedMeanwhile) && errnoOf(error) === undefined) throw error;
        }
      }
    },
  };
}
