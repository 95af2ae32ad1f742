import { dirname, join, relative, sep } from 'node:path';
import { errnoOf } from '../core/errors.ts';
import type { FileSystem } from './file-system.ts';
import { confinedTo } from './read-only.ts';

/** Files that are written together or not at all, by their path below a root, with `/`. */
export interface FilesToWrite {
  /** Nothing may be there yet. */
  readonly create: ReadonlyMap<string, Uint8Array>;
  /** What is there must still be `before`; a reader sees the old bytes or the new ones. */
  readonly replace: ReadonlyMap<
    string,
    { readonly before: Uint8Array; readonly after: Uint8Array }
  >;
}

export interface WriteTogetherOptions {
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

/**
 * Writes files below a root: exclusive creates, missing directories included, then replacements.
 * Nothing is written through a link. When one of them fails, those before it are taken back, but
 * for what somebody else has changed by then.
 *
 * @throws ChangedMeanwhile; the operating system's own errors (EEXIST, ENOTDIR for a link)
 */
export function writeTogether(options: WriteTogetherOptions, files: FilesToWrite): void {
  const writer = writerIn(options);
  try {
    for (const [path, bytes] of files.create) writer.create(path, bytes);
    for (const [path, { before, after }] of files.replace) writer.replace(path, before, after);
  } catch (error) {
    writer.takeBack();
    throw error;
  }
}

function writerIn({ fs: anywhere, root, umask, nonce }: WriteTogetherOptions) {
  const fs = confinedTo(anywhere, [root]);
  const undo: (() => void)[] = [];
  const within = <T>(directory: string, act: () => T): T => fs.within(root, directory, act);

  /** Makes what is missing of the way to a directory, from the root down. */
  const makeWay = (directory: string): void => {
    const parts = relative(root, directory).split(sep).filter(Boolean);
    let parent = root;
    for (const part of parts) {
      const at = join(parent, part);
      const above = parent;
      within(above, () => {
        if (fs.stat(at) !== undefined) return;
        fs.makeDirectory(at, 0o777 & ~umask);
        undo.push(() => within(above, () => fs.removeDirectory(at)));
      });
      parent = at;
    }
  };

  /** A disk that fills up leaves the beginning of a file. What was there before is not ours. */
  const dropOurs = (path: string, error: unknown): void => {
    if (errnoOf(error) !== 'EEXIST' && fs.stat(path)?.kind === 'file') fs.unlink(path);
  };

  const swapIn = (at: string, before: Uint8Array, after: Uint8Array): void => {
    const directory = dirname(at);
    within(directory, () => {
      const stat = fs.stat(at);
      if (stat?.kind !== 'file' || !fs.read(at).equals(before)) throw new ChangedMeanwhile(at);
      const temporary = join(directory, `.${nonce}.new`);
      try {
        fs.writeNew(temporary, after, stat.mode);
        fs.rename(temporary, at);
      } catch (error) {
        dropOurs(temporary, error);
        throw error;
      }
    });
  };

  return {
    create(path: string, bytes: Uint8Array): void {
      const at = join(root, ...path.split('/'));
      makeWay(dirname(at));
      within(dirname(at), () => {
        try {
          fs.writeNew(at, bytes, 0o666 & ~umask);
        } catch (error) {
          dropOurs(at, error);
          throw error;
        }
        undo.push(() =>
          within(dirname(at), () => {
            if (fs.read(at).equals(bytes)) fs.unlink(at);
          }),
        );
      });
    },
    replace(path: string, before: Uint8Array, after: Uint8Array): void {
      const at = join(root, ...path.split('/'));
      swapIn(at, before, after);
      undo.push(() => swapIn(at, after, before));
    },
    /** What cannot be taken back stays: the error that led here is the one to tell. */
    takeBack(): void {
      for (const step of undo.reverse()) {
        try {
          step();
        } catch (error) {
          if (!(error instanceof ChangedMeanwhile) && errnoOf(error) === undefined) throw error;
        }
      }
    },
  };
}
