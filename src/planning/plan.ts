import type { EntryState } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { PackPath } from '../core/path.ts';
import type { ResolvedRelease } from '../core/release.ts';
import type { FileClass } from '../instance/classes.ts';

/** What may happen to existing bytes (docs/architecture.md#modes). */
export type Mode = 'preserve' | 'merge' | 'replace';

export type KeepReason =
  | 'unchanged'
  | 'modified-locally'
  | 'deleted-locally'
  | 'upgrade-available'
  | 'removed-upstream'
  | 'no-base'
  | 'state'
  | 'local-only'
  | 'conflict';

/** Why two sides cannot be combined. */
export type ConflictKind =
  /** Changed here and in the release. */
  | 'both-changed'
  /** Deleted here, changed in the release. */
  | 'deleted-here'
  /** A directory, link or special file stands where the release has a file. */
  | 'other-kind'
  /** A file or link stands where the release has a directory. */
  | 'blocked-parent';

interface ActionFacts {
  readonly path: PackPath;
  readonly class: FileClass;
  /** The three states on which the action is based. */
  readonly base: EntryState;
  readonly local: EntryState;
  readonly incoming: EntryState;
}

export interface AddAction extends ActionFacts {
  readonly kind: 'add';
  /** Permission bits of the new file. */
  readonly mode: number;
}

export interface KeepAction extends ActionFacts {
  readonly kind: 'keep';
  readonly reason: KeepReason;
  /** With the reason `conflict`. */
  readonly conflict?: ConflictKind;
}

/**
 * `update`: the user has not changed it; `replace`: the user has, and requested the replacement.
 */
export interface OverwriteAction extends ActionFacts {
  readonly kind: 'update' | 'replace';
  readonly modeBefore: number;
  readonly mode: number;
}

export interface RemoveAction extends ActionFacts {
  readonly kind: 'remove';
  readonly modeBefore: number;
}

export type FileAction = AddAction | KeepAction | OverwriteAction | RemoveAction;

/** The local catalog: registering or activating the identity. */
export interface CatalogAction {
  readonly kind: 'register' | 'activate';
  /** Digest of `catalog.local.yaml` before; null if there is none. */
  readonly before: string | null;
  readonly after: string;
}

/** Everything one operation will do to one identity, decided before anything is touched. */
export interface Plan {
  readonly schema: 'identity-install/plan@1';
  readonly id: string;
  readonly mode: Mode;
  /** Absolute paths. */
  readonly home: string;
  readonly instance: string;
  readonly instanceExists: boolean;
  readonly release: ResolvedRelease;
  readonly packPath: PackPath;
  /** Recorded release, null for a first install. */
  readonly installed: ResolvedRelease | null;
  /** One per path, sorted. */
  readonly actions: readonly FileAction[];
  readonly catalog: readonly CatalogAction[];
  readonly findings: readonly Finding[];
  /** SHA-256 of the canonical plan without this member. */
  readonly digest: string;
}
