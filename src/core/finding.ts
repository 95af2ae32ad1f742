import type { PackPath } from './path.ts';

/** Something found in a pack, a catalog or an instance: data, not an exception. */
export interface Finding {
  /** Stable, machine-readable, for example `PACK_FILE_MISSING`. */
  readonly code: string;
  readonly severity: 'error' | 'warn' | 'info';
  /** The contract of the protocol that is broken; absent for what the installer itself found. */
  readonly contract?: string;
  readonly path?: PackPath;
  /** JSON pointer into the document at `path`. */
  readonly pointer?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}
