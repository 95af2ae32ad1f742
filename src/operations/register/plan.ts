import { canonicalJson, sha256 } from '../../core/digest.ts';
import { nothing, type Change, type FilePathState } from '../../engine/change.ts';

/** The current local catalog: its bytes, and its state as a change describes it. */
export interface CatalogFile {
  readonly bytes: Buffer;
  readonly state: FilePathState;
}

/** What a registration or an activation will do: one change of the local catalog. */
export interface RegisterPlan {
  readonly change: Change & { readonly after: FilePathState };
  readonly after: Buffer;
  /** SHA-256 of the canonical change. */
  readonly digest: string;
}

/**
 * Decides how the local catalog changes. Pure: nothing is read or written.
 *
 * @param before undefined if there is none
 * @param mode permission bits of a new catalog
 */
export function planRegistration(
  before: CatalogFile | undefined,
  after: Buffer,
  mode: number,
): RegisterPlan {
  const change = {
    root: 'home',
    path: 'catalog.local.yaml',
    before: before?.state ?? nothing,
    after: {
      kind: 'file',
      sha256: sha256(after),
      size: after.byteLength,
      mode: before?.state.mode ?? mode,
    },
  } as const;
  return { change, after, digest: sha256(canonicalJson(change)) };
}
