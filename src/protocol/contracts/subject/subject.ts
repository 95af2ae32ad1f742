import type { PackPath } from '../../../core/path.ts';
import { isReadable, type Document } from '../../documents/document.ts';
import { createSearch, type FileView, type Search } from '../../documents/file-view.ts';
import { readJsonDocument } from '../../documents/json-document.ts';
import type { Listing } from './listing.ts';

/** What the contracts check: one pack, its surroundings, and the time that counts as now. */
export interface Subject {
  /** The id of the identity, as the catalog or the user gives it. */
  readonly id: string;
  /**
   * For freshness; a value, so that a check can be repeated. Undefined: freshness is not checked.
   */
  readonly now: Date | undefined;
  /** It is about to be installed: what only an installation creates cannot exist yet. */
  readonly incoming: boolean;
  readonly pack: FileView;
  /**
   * Where paths inside contracts are searched beyond the pack: the catalog's root, the working
   * directory.
   */
  readonly around: readonly FileView[];
  /**
   * Directories of releases that mean the pack itself: older packs write `identity/<id>/…` for
   * what is beside their `CURRENT_TASK.json`, and an instance lies elsewhere.
   */
  readonly releasedAt: readonly PackPath[];
  readonly catalog: Listing | undefined;
  /** The pack as it was last installed, if that is recorded. */
  readonly base: FileView | undefined;
  /**
   * Of an instance, the files of its release: all others are the user's own. Undefined for a pack
   * that is to be released as it is.
   */
  readonly brought: ReadonlySet<PackPath> | undefined;
  /** `CURRENT_TASK.json`; undefined if it is missing or cannot be parsed. */
  readonly task: Document | undefined;
  /** The remaining effort for finding what its patterns name. */
  readonly search: Search;
}

export type SubjectParts = Pick<Subject, 'id' | 'now' | 'pack'> &
  Partial<Pick<Subject, 'catalog' | 'base' | 'brought' | 'incoming' | 'releasedAt'>> & {
    readonly workingDirectory?: FileView;
  };

const taskPath = 'CURRENT_TASK.json';

export function createSubject({ workingDirectory, ...parts }: SubjectParts): Subject {
  const { pack, catalog } = parts;
  const bytes = pack.read(taskPath);
  const task = bytes && readJsonDocument(bytes, pack.show(taskPath));
  return {
    id: parts.id,
    now: parts.now,
    incoming: parts.incoming ?? false,
    pack,
    around: [catalog?.root, workingDirectory].filter((view) => view !== undefined),
    releasedAt: parts.releasedAt ?? [],
    catalog,
    base: parts.base,
    brought: parts.brought,
    task: task && isReadable(task) ? task : undefined,
    search: createSearch(),
  };
}
