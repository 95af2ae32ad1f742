import { dirname, join, relative, sep } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { saysNoLinks } from '../../core/unsupported.ts';
import { systemError } from '../system-error.ts';
import type { WriteAttempt } from './write-attempt.ts';

/** What one rename moves to its place: a file, or a directory with everything new in it. */
export interface Arrival {
  /** Its final place: the topmost path that does not exist yet. */
  readonly place: string;
  /** Its current place. */
  at: string;
  /** Bytes by path below; `''` when the arrival is a file itself. */
  readonly files: Map<string, Uint8Array>;
}

/** The arrivals that create these files, by path below the root. */
export function arrivalsOf(
  attempt: WriteAttempt,
  files: ReadonlyMap<string, Uint8Array>,
): readonly Arrival[] {
  const arrivals = new Map<string, Arrival>();
  for (const [path, bytes] of files) {
    const place = topmostMissing(attempt, path);
    const arrival = arrivals.get(place) ?? {
      place,
      at: attempt.newName(dirname(place)),
      files: new Map<string, Uint8Array>(),
    };
    arrivals.set(place, arrival);
    arrival.files.set(relative(place, attempt.pathOf(path)), bytes);
  }
  return [...arrivals.values()];
}

function topmostMissing({ fs, pathOf }: WriteAttempt, path: string): string {
  const parts = path.split('/');
  for (const index of parts.keys()) {
    const at = pathOf(parts.slice(0, index + 1).join('/'));
    if (fs.stat(at) === undefined) return at;
  }
  return pathOf(path);
}

/** Writes it under its temporary name. */
export function prepare(attempt: WriteAttempt, arrival: Arrival): void {
  const { fs, modes, inDirectory, writeNew, removeFile, onTakeBack } = attempt;
  for (const below of directoriesOf(arrival)) {
    const at = join(arrival.at, below);
    inDirectory(dirname(at), () => fs.makeDirectory(at, modes.directory));
    onTakeBack(() => {
      const now = join(arrival.at, below);
      inDirectory(dirname(now), () => fs.removeDirectory(now));
    });
  }
  for (const [below, bytes] of arrival.files) {
    writeNew(join(arrival.at, below), bytes, modes.file);
    onTakeBack(() => removeFile(join(arrival.at, below), bytes));
  }
}

/** Outer ones first. */
function directoriesOf({ files }: Arrival): Set<string> {
  const directories = new Set<string>();
  for (const below of files.keys()) {
    const parts = below === '' ? [] : below.split(sep);
    for (const index of parts.keys()) directories.add(parts.slice(0, index).join(sep));
  }
  return directories;
}

/** @throws EEXIST if anything exists at the place by now */
export function place(attempt: WriteAttempt, arrival: Arrival): void {
  const { fs, inDirectory } = attempt;
  inDirectory(dirname(arrival.place), () => {
    const bytes = arrival.files.get('');
    if (bytes !== undefined) {
      placeFile(attempt, arrival, bytes);
      return;
    }
    if (fs.stat(arrival.place) !== undefined) throw taken(arrival);
    try {
      fs.rename(arrival.at, arrival.place);
    } catch (error) {
      throw errnoOf(error) === 'ENOTEMPTY' ? taken(arrival) : error;
    }
    arrival.at = arrival.place;
  });
}

/** By a second name: a rename would replace a file that has just been created there. */
function placeFile(attempt: WriteAttempt, arrival: Arrival, bytes: Uint8Array): void {
  const { fs, writeNew, removeFile, modes, onTakeBack } = attempt;
  const { at: temporary } = arrival;
  try {
    fs.link(temporary, arrival.place);
  } catch (error) {
    if (!saysNoLinks(error)) throw error;
    writeNew(arrival.place, bytes, modes.file);
  }
  onTakeBack(() => removeFile(temporary, bytes));
  arrival.at = arrival.place;
  fs.unlink(temporary);
}

function taken({ place: path }: Arrival): Error {
  return systemError('EEXIST', 'something was created there meanwhile', 'rename', path);
}
