import { dirname } from 'node:path';
import { saysNoExchange } from '../../core/unsupported.ts';
import { ChangedMeanwhile, type WriteAttempt } from './write-attempt.ts';

export interface Replacement {
  readonly at: string;
  /** What must still be there. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Replaces a file in one step: a reader sees the old bytes or the new ones. Whatever somebody else
 * has written there since it was read is put back.
 *
 * @throws ChangedMeanwhile
 */
export function replaceFile(attempt: WriteAttempt, replacement: Replacement): void {
  const { fs, inDirectory, newName, holds, writeNew, removeFile, onTakeBack } = attempt;
  const { at, before, after } = replacement;
  const directory = dirname(at);
  const fresh = newName(directory);
  const mode = inDirectory(directory, () => {
    if (!holds(at, before)) throw new ChangedMeanwhile(at);
    return fs.stat(at)?.mode;
  });
  onTakeBack(() => removeFile(fresh, after));
  writeNew(fresh, after, mode ?? attempt.modes.file);
  inDirectory(directory, () => exchange(attempt, fresh, replacement));
  onTakeBack(() => removeFile(fresh, before));
  onTakeBack(() => replaceFile(attempt, { at, before: after, after: before }));
  removeFile(fresh, before);
}

function exchange({ fs, holds }: WriteAttempt, fresh: string, { at, before }: Replacement): void {
  try {
    fs.exchange(fresh, at);
  } catch (error) {
    if (!saysNoExchange(error)) throw error;
    fs.rename(fresh, at);
    return;
  }
  if (holds(fresh, before)) return;
  fs.exchange(fresh, at);
  throw new ChangedMeanwhile(at);
}
