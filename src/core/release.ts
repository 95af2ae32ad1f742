import type { Finding } from './finding.ts';
import type { FileState } from './entry.ts';
import type { PackPath } from './path.ts';

/** One release, pinned: everything that is needed to get exactly the same bytes again. */
export interface ResolvedRelease {
  /** Canonical address of the source, credentials removed. `starter` for the embedded one. */
  readonly url: string;
  readonly sourceKind: 'starter' | 'git' | 'bundle' | 'repository' | 'directory' | 'archive';
  /**
   * Tag as published (`v1.4.10`); null if the request named a commit, a directory or an archive.
   */
  readonly tag: string | null;
  /** Object id of the annotated tag; null for a lightweight tag or without a tag. */
  readonly tagObject: string | null;
  /** Full commit id. Directories and archives are imported as a commit of their own. */
  readonly commit: string;
  readonly tree: string;
  /** Semantic version of the tag without the `v`; null without a tag. */
  readonly version: string | null;
}

/** One file of a pack; the executable bit is the only mode that a release carries. */
export interface PackEntry extends FileState {
  /** git object id of the blob. */
  readonly oid: string;
}

/** The pack of one identity in one release. */
export interface Pack {
  readonly id: string;
  /** Directory of the pack in the release, for example `identity/packs/code-reviewer`. */
  readonly packPath: PackPath;
  readonly entries: ReadonlyMap<PackPath, PackEntry>;
  /** Warnings and notes; whatever must be refused has been thrown. */
  readonly findings: readonly Finding[];
}
