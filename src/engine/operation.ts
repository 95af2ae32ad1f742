import type { OperationRef } from '../core/operation-ref.ts';
import type { InstalledRecord } from '../core/record.ts';
import type { Change } from './change.ts';
import type { Roots } from './live-state.ts';
import type { SnapshotContents } from './snapshot/snapshot-manifest.ts';
import type { EvidenceDraft } from './trail/evidence.ts';

/** Where the bytes of new files come from: a pack, a snapshot, or content composed in memory. */
export interface ContentSource {
  /**
   * Delivers the content of every wanted change, in any order, each exactly once.
   *
   * @param wanted the changes whose `after` is a file, with their slots
   */
  provide(
    wanted: ReadonlyMap<number, Change>,
    deliver: (slot: number, bytes: Uint8Array) => void,
  ): Promise<void>;
  /** Keeps the source available as long as a record names it; called before the intent. */
  keep?(): Promise<void>;
}

/** What the evidence says about an operation that only its plan knows. */
export type OperationFacts = Pick<
  EvidenceDraft,
  | 'mode'
  | 'release'
  | 'previous_release'
  | 'plan_digest'
  | 'conflict_type'
  | 'action'
  | 'source_signature'
  | 'target_signature_before'
  | 'files'
  | 'reports'
  | 'undoes'
  | 'findings'
>;

/**
 * Everything that the engine needs to know to carry out one operation on one identity, as data. An
 * install, a rollback and a registration differ in nothing else.
 */
export interface Operation {
  readonly kind: EvidenceDraft['operation'];
  readonly ref: OperationRef;
  readonly runId: string;
  readonly id: string;
  readonly roots: Roots;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /** In the order of execution. */
  readonly changes: readonly Change[];
  readonly recordBefore: InstalledRecord | null;
  /** The record after every change is applied; null if there will be none. */
  readonly recordAfter: InstalledRecord | null;
  /** All of the instance, for a requested backup; otherwise what the changes overwrite. */
  readonly snapshot: 'changed-files' | SnapshotContents;
  readonly content: ContentSource;
  readonly facts: OperationFacts;
  /** One line for `identity history`. */
  readonly summary: string;
}
