import { InstallError } from '../core/errors.ts';
import { steps, type Remedy } from '../core/remedy.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { strayFrom } from '../platform/files/working-tree.ts';

/** A place that a file of a home or a project names. */
export interface NamedPlace {
  /** The directory that the file belongs to: the home, or the project. Absolute, links resolved. */
  readonly holder: string;
  /** Absolute, links resolved. */
  readonly place: string;
  /** Whether the place is only read, or written. */
  readonly use: 'read' | 'write';
  /** The subject of the message: `The local catalog's pack_path "…"`. */
  readonly subject: string;
  /** How a user who means the place can use it nevertheless. */
  readonly remedy: Remedy;
}

/**
 * Refuses a place that a file of a working tree must not name, since it may have come with a clone
 * (docs/architecture.md#what-a-working-tree-may-name).
 *
 * @throws InstallError E_NOT_TRUSTED
 */
export function refuseStray(fs: ReadFileSystem, place: NamedPlace): void {
  const stray = strayFrom(fs, place.holder, place.place, place.use);
  if (stray === undefined) return;
  if (stray.kind === 'git-directory') {
    throw new InstallError(
      'E_NOT_TRUSTED',
      `${place.subject} leads into the git directory ${stray.directory}.`,
      {
        remedy: 'Nothing was changed. Name a place outside every git directory.',
        details: { path: place.place, gitDirectory: stray.directory },
      },
    );
  }
  throw new InstallError(
    'E_NOT_TRUSTED',
    `${place.subject} leads out of the working tree ${stray.project}, to ${place.place}.`,
    {
      remedy: steps(
        'Nothing was changed. A file in a working tree may have come with a clone, so it may only name places inside that working tree.',
        place.remedy,
      ),
      details: { path: place.place, project: stray.project },
    },
  );
}
