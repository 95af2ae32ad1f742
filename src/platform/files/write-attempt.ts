import { dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { FileSystem } from '../file-system.ts';
import { confinedTo } from './read-only.ts';

export interface AttemptOptions {
  readonly fs: FileSystem;
  /** Absolute, links resolved; an existing directory. Nothing outside it is written. */
  readonly root: string;
  readonly umask: number;
  /** Unique to this run, for names of temporary files. */
  readonly nonce: string;
}

/** What was to be replaced is no longer what was read. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/** Writes below a root that can be undone, step by step. */
export interface WriteAttempt {
  /** Writes below the root, and nowhere else. */
  readonly fs: FileSystem;
  /** Of files and directories that are created. */
  readonly modes: { readonly file: number; readonly directory: number };
  /** Absolute. */
  readonly pathOf: (path: string) => string;
  /** A name in a directory that nobody else uses or looks at. */
  readonly newName: (directory: string) => string;
  /** Acts on names in a directory that is reached without following a link. */
  readonly inDirectory: <T>(directory: string, act: () => T) => T;
  /** @throws EEXIST if anything exists there, links included */
  readonly writeNew: (at: string, bytes: Uint8Array, mode: number) => void;
  /** Removes a file only if it has these bytes. */
  readonly removeFile: (at: string, bytes: Uint8Array) => void;
  /** Whether this is a regular file with these bytes. */
  readonly holds: (at: string, bytes: Uint8Array) => boolean;
  /** Registers how to undo the next step. */
  readonly onTakeBack: (step: () => void) => void;
  /** What cannot be undone stays: the error that led here is the one to report. */
  readonly takeBack: () => void;
}

export function beginAttempt(options: AttemptOptions): WriteAttempt {
  const { root, umask, nonce } = options;
  const fs = confinedTo(options.fs, [root]);
  const steps: (() => void)[] = [];
  let names = 0;
  const inDirectory = <T>(directory: string, act: () => T): T =>
    fs.inDirectory(root, directory, act);
  const holds = (at: string, bytes: Uint8Array): boolean =>
    fs.stat(at)?.kind === 'file' && fs.read(at).equals(bytes);
  return {
    fs,
    modes: { file: 0o666 & ~umask, directory: 0o777 & ~umask },
    pathOf: (path) => join(root, ...path.split('/')),
    newName: (directory) => join(directory, `.${nonce}.${(names += 1)}.new`),
    inDirectory,
    writeNew: (at, bytes, mode) =>
      inDirectory(dirname(at), () => {
        try {
          fs.writeNew(at, bytes, mode);
        } catch (error) {
          // A full disk leaves the beginning of a file. A file that existed before is not ours to
          // remove.
          if (errnoOf(error) !== 'EEXIST' && fs.stat(at)?.kind === 'file') fs.unlink(at);
          throw error;
        }
      }),
    removeFile: (at, bytes) =>
      inDirectory(dirname(at), () => {
        if (holds(at, bytes)) fs.unlink(at);
      }),
    holds,
    onTakeBack: (step) => void steps.push(step),
    takeBack() {
      // Undo steps are not themselves undone.
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
