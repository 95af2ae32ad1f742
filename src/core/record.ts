import type { OperationRef } from './operation-ref.ts';
import type { PackPath } from './path.ts';
import type { ResolvedRelease } from './release.ts';

/** The base of one file: its bytes as we last wrote them, or found them equal to a release. */
export interface BaseFile {
  readonly sha256: string;
  readonly size: number;
  readonly executable: boolean;
  /** Commit that the bytes come from; the release store keeps it reachable. */
  readonly commit: string;
}

/** What is installed: `record/<id>.json`. The base is per file (docs/adr/0004-base-per-file.md). */
export interface InstalledRecord {
  readonly schema: 'identity-install/record@1';
  readonly id: string;
  /** Instance directory, relative to the home with `/`; absolute only where it lies outside. */
  readonly instance: string;
  /** The source as it was given, credentials removed; the next run that names no source uses it. */
  readonly from: string;
  /** The release that the last completed operation installed. */
  readonly release: ResolvedRelease;
  readonly files: Readonly<Record<PackPath, BaseFile>>;
  /**
   * Protocol reports that we published into the instance; they count neither for the signature nor
   * as drift.
   */
  readonly reports: readonly PackPath[];
  /** The operation that wrote this record. */
  readonly operation: OperationRef;
  /** UTC, ISO 8601. */
  readonly updatedAt: string;
}
