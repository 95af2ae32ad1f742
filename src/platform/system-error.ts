import { isUtf8 } from 'node:buffer';
import { errnoOf } from '../core/errors.ts';

/** An error in the form that node gives to failed system calls: `code`, `syscall`, `path`. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path: string;
}

/**
 * For conditions that the operating system would report if one call could check them.
 *
 * @param code errno name, for example `EISDIR`
 */
export function systemError(
  code: string,
  reason: string,
  syscall: string,
  path: string,
): SystemError {
  const error = new Error(`${code}: ${reason}, ${syscall} '${path}'`);
  return Object.assign(error, { code, syscall, path });
}

/** A directory with names that a string cannot represent. */
interface UndecodableNames extends SystemError {
  /** Everything in them that is not printable ASCII is written as `\\xff`. */
  readonly names: readonly string[];
}

/** @returns EILSEQ for those of the names that are not UTF-8; undefined if all of them are */
export function undecodableNames(
  names: readonly Buffer[],
  path: string,
): UndecodableNames | undefined {
  const shown = names.filter((name) => !isUtf8(name)).map(escaped);
  const [first] = shown;
  if (first === undefined) return undefined;
  const error = systemError('EILSEQ', `the name '${first}' is not UTF-8`, 'scandir', path);
  return Object.assign(error, { names: shown });
}

/** The names that an error of `list` is about, escaped; empty if it is about something else. */
export function undecodableNamesIn(error: unknown): readonly string[] {
  return errnoOf(error) === 'EILSEQ' ? ((error as Partial<UndecodableNames>).names ?? []) : [];
}

function escaped(name: Buffer): string {
  return name.toString('latin1').replace(/[^\x20-\x7e]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
