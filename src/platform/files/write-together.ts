import { arrivalsOf, place, prepare } from './arrivals.ts';
import { beginAttempt, type AttemptOptions } from './write-attempt.ts';
import { replaceFile } from './replace-file.ts';

/** Files that are written together or not at all, by their path below a root, with `/`. */
export interface FilesToWrite {
  /** Nothing may exist there yet. */
  readonly create: ReadonlyMap<string, Uint8Array>;
  /** The existing file must still be `before`; a reader sees the old bytes or the new ones. */
  readonly replace: ReadonlyMap<
    string,
    { readonly before: Uint8Array; readonly after: Uint8Array }
  >;
}

/**
 * Writes files below a root, missing directories included, then replacements. Everything new is
 * written under temporary names first and then renamed into place: a new directory appears whole or
 * not at all, whenever the process is killed. Nothing is written through a link. If anything fails,
 * every step is undone, except for what somebody else has changed by then. What a killed process
 * leaves behind is hidden, and has the nonce in its name.
 *
 * @throws ChangedMeanwhile for what was to be replaced; the operating system's own errors (EEXIST,
 *   ENOTDIR for a link)
 */
export function writeTogether(options: AttemptOptions, files: FilesToWrite): void {
  const attempt = beginAttempt(options);
  try {
    const arrivals = arrivalsOf(attempt, files.create);
    for (const arrival of arrivals) prepare(attempt, arrival);
    for (const arrival of arrivals) place(attempt, arrival);
    for (const [path, { before, after }] of files.replace) {
      replaceFile(attempt, { at: attempt.pathOf(path), before, after });
    }
  } catch (error) {
    attempt.takeBack();
    throw error;
  }
}
