import type { Finding } from '../core/finding.ts';
import type { PackPath } from '../core/path.ts';
import type { ResolvedRelease } from '../core/release.ts';
import type { Source } from './source.ts';

export interface ResolveOptions {
  readonly source: Source;
  /** The requested release; undefined for the latest stable one. */
  readonly selector?: string | undefined;
  /** Use only what is in the store. Sources on this machine are read nevertheless. */
  readonly offline?: boolean | undefined;
  /** The commit of the tag according to a pin. */
  readonly expectedCommit?: string | undefined;
  readonly acceptMovedTag?: boolean | undefined;
}

export interface Resolution {
  readonly release: ResolvedRelease;
  /** Set if the source is a pack without a catalog: where the pack is in the release. */
  readonly plainPack: { readonly id: string; readonly packPath: PackPath } | null;
  readonly findings: readonly Finding[];
  /** Whether this call added objects to the store. */
  readonly fetched: boolean;
}
